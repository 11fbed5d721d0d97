/**
 * Members that a JWK has only if it is a private or a symmetric key.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6
 */
export const SECRET_MEMBERS: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
