/** What a client usually sends: a lab spreads it and says what differs. Values in braces are what the sender holds. */

/** The query of an authorization request. */
export const AUTHORIZATION = {
  response_type: 'code',
  client_id: '{client_id}',
  redirect_uri: '{redirect_uri}',
  scope: 'notes:read',
  state: '{state}',
  code_challenge: '{code_challenge}',
  code_challenge_method: 'S256',
  resource: '{resource}',
} as const;

/** The form that redeems a code. */
export const REDEMPTION = {
  grant_type: 'authorization_code',
  code: '{code}',
  redirect_uri: '{redirect_uri}',
  client_id: '{client_id}',
  code_verifier: '{code_verifier}',
} as const;

/** The form that renews an access token. */
export const RENEWAL = {
  grant_type: 'refresh_token',
  refresh_token: '{refresh_token}',
  client_id: '{client_id}',
} as const;

/** A form to the token endpoint. */
export const TO_TOKEN_ENDPOINT = { act: 'send', to: 'as', method: 'POST', url: '{token_endpoint}' } as const;

/** A call that lists the notes. */
export const LIST_NOTES = {
  act: 'send',
  to: 'mcp',
  method: 'POST',
  url: '{mcp_url}',
  tool: { name: 'notes_list' },
  headers: { Authorization: 'Bearer {access_token}' },
} as const;
