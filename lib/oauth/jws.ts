/**
 * Whether a text is a JWS in compact serialization: three parts of base64url. Libraries decode leniently, and would
 * pass over a space or a comma with more behind it.
 * @see https://datatracker.ietf.org/doc/html/rfc7515#section-3.1
 */
export function isCompactJws(text: string): boolean {
  return /^[\w-]+\.[\w-]*\.[\w-]*$/.test(text);
}

/** Whether a token has the form of a JWT; all others are looked up as they stand. */
export function isJwt(token: string): boolean {
  return token.startsWith('e') && isCompactJws(token);
}
