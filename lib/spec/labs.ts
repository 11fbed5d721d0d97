/** The attack labs by id, in their order: links to a lab use these. `lib/labs/attacks` has the labs. */
export const labIds = [
  'code-interception',
  'redirect-csrf',
  'mix-up',
  'redirect-tricks',
  'token-replay',
  'refresh-theft',
  'stolen-bearer',
  'document-impersonation',
  'consent-clickjacking',
  'document-ssrf',
  'confused-deputy',
  'jwt-forgery',
  'browser-tokens',
] as const;
