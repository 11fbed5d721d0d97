/* What a form of the reference is filled with: from the sandbox, from earlier answers, and what any request can use. */

const fromBytes = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** `bytes` random bytes, base64url. */
export const random = (bytes) => fromBytes(crypto.getRandomValues(new Uint8Array(bytes)));

/** A `traceparent` by which the exchange is found in the record. */
export function newTrace() {
  const hex = (bytes) =>
    [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const id = hex(16);
  return { id, header: `00-${id}-${hex(8)}-01` };
}

/** A verifier and its challenge; nothing if the page is no secure context. */
export async function newProof() {
  if (!globalThis.crypto?.subtle) return {};
  const verifier = random(32);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { code_verifier: verifier, code_challenge: fromBytes(new Uint8Array(digest)) };
}

const LEARNED = [
  'client_id',
  'client_secret',
  'registration_access_token',
  'access_token',
  'refresh_token',
  'device_code',
  'user_code',
  'request_uri',
  'id_token',
];

/** What an answer says that a later request can use. */
export function learn(known, text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return;
  }
  if (typeof body !== 'object' || body === null) return;
  for (const name of LEARNED) if (typeof body[name] === 'string') known[name] = body[name];
}

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Endpoints that take an access token. */
const PROTECTED = ['mcp', 'bearer', 'userinfo', 'resource', 'admin-resource'];

/**
 * What a field is filled with; an empty text: nothing.
 * @param known from the sandbox and from earlier answers
 * @param grant what `grant_type` holds now, if the form has it
 */
export function valueFor(form, field, place, known, grant) {
  const { name } = field;
  if (field.in === 'path') return name === form.sandbox ? (place?.id ?? '') : pathValue(form, field, known);
  if (form.control || field.in === 'header') return '';
  const redirect = known.redirect_uri ?? 'https://client.example/callback';
  const always = {
    client_id: known.client_id,
    client_secret: known.client_secret,
    resource: place === null ? undefined : `${place.base}/mcp`,
  };
  const own = {
    register: {
      redirect_uris: JSON.stringify([redirect]),
      client_name: 'From the reference',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: JSON.stringify(['authorization_code', 'refresh_token', 'client_credentials']),
    },
    authorize: {
      ...always,
      redirect_uri: redirect,
      response_type: 'code',
      code_challenge: known.code_challenge,
      code_challenge_method: 'S256',
      request_uri: undefined,
    },
    token: {
      ...always,
      grant_type: known.refresh_token ? 'refresh_token' : known.device_code ? DEVICE : 'client_credentials',
      ...(grant === 'refresh_token' ? { refresh_token: known.refresh_token } : {}),
      ...(grant === DEVICE ? { device_code: known.device_code } : {}),
      ...(grant === 'authorization_code' ? { code_verifier: known.code_verifier, redirect_uri: redirect } : {}),
    },
    introspect: { ...always, token: known.access_token },
    revoke: { ...always, token: known.access_token },
    device: always,
    par: always,
    activate: { user_code: known.user_code },
    logout: { id_token_hint: known.id_token },
  }[form.endpoint];
  return own?.[name] ?? '';
}

function pathValue(form, { name }, known) {
  if (form.endpoint === 'registration') return known[name] ?? '';
  return { resource: 'mcp', provider: 'google' }[name] ?? '';
}

/** The Bearer token that an operation takes. */
export function bearerFor(form, place, known) {
  if (form.control) return place?.token ?? '';
  if (form.endpoint === 'registration') return known.registration_access_token ?? '';
  return PROTECTED.includes(form.endpoint) ? (known.access_token ?? '') : '';
}

/** The body that has no fields. */
export const bodyFor = (form) =>
  form.body === 'json-rpc' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, null, 2) : '';
