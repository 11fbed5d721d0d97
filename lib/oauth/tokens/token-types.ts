/** Token type identifiers. @see https://datatracker.ietf.org/doc/html/rfc8693#section-3 */
const PREFIX = 'urn:ietf:params:oauth:token-type:';

export const TOKEN_TYPE = {
  accessToken: `${PREFIX}access_token`,
  jwt: `${PREFIX}jwt`,
  idToken: `${PREFIX}id_token`,
  /** Identity assertion authorization grant, of the enterprise-managed authorization extension. */
  idJag: `${PREFIX}id-jag`,
} as const;

/** The explicit type of an ID-JAG. */
export const ID_JAG_TYP = 'oauth-id-jag+jwt';
