/**
 * What a sandbox is given by its owner: users, clients, notes, tokens. The control API and the kit take these forms.
 */
import { z } from 'zod';
import { keySetProblem } from '#lib/spec/key-set.ts';
import { protocolClaimIn } from '#lib/spec/protocol-claims.ts';
import { webAddressProblem } from '#lib/spec/uri.ts';
import { AUTH_METHODS, GRANTS, scopeToken } from './values.ts';

const GRANT_NAMES: ReadonlySet<string> = new Set([...GRANTS, 'password']);
const LONG_GRANT = /^urn:ietf:params:oauth:grant-type:(?=device_code$|token-exchange$|jwt-bearer$)/;

const text = (max: number) => z.string().min(1).max(max);
const webAddress = text(2000).superRefine((value, context) => {
  const message = webAddressProblem(value);
  if (message !== null) context.addIssue({ code: 'custom', message });
});
/**
 * As they are: an owner may hold what no registration would hold, to see that the server redirects to none of it.
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3
 */
const uriList = z.array(text(2000)).max(20);
/** A list of scopes, or a text of them with spaces between. */
const scopes = z.union([
  z
    .string()
    .max(2000)
    .transform((value) => value.split(' ').filter((token) => token !== ''))
    .pipe(z.array(scopeToken)),
  z.array(scopeToken).max(50),
]);
/** One address or several. */
const addresses = z.union([text(2000).transform((value) => [value]), z.array(text(2000)).min(1).max(20)]);
const claims = z.record(text(100), z.json()).superRefine((given, context) => {
  const name = protocolClaimIn(given);
  if (name !== null)
    context.addIssue({ code: 'custom', path: [name], message: 'the protocol sets this claim, so nobody else can' });
});
/** Grants by the names of the knob `grants`, or as they stand on the wire. */
const grantType = z
  .string()
  .max(100)
  .refine(
    (name) => GRANT_NAMES.has(name.replace(LONG_GRANT, '')),
    `not a grant; there is ${[...GRANT_NAMES].join(', ')}`,
  );
const publicKeys = z.record(z.string(), z.json()).superRefine((set, context) => {
  const message = keySetProblem(set);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

/** A user. Claims of one's own (`groups`) come into userinfo and tokens by their names. */
export const userSeed = z.strictObject({
  email: z.email().max(254).describe('The address to sign in with.'),
  password: text(1000).optional().describe('What to sign in with.'),
  sub: z
    .string()
    .regex(/^[\x21-\x7E]{1,255}$/)
    .optional()
    .describe('The subject identifier; made up by default.'),
  claims: claims.optional().describe('Claims about the user; no protocol claim such as iss.'),
});

/**
 * A pre-registered client, with the names of RFC 7591. `auth_method` is an older name of
 * `token_endpoint_auth_method`.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export const clientSeed = z
  .strictObject({
    client_id: z.string().regex(/^[\x20-\x7E]{1,200}$/),
    client_secret: z
      .string()
      .regex(/^[\x20-\x7E]{1,200}$/)
      .optional(),
    token_endpoint_auth_method: z.enum(AUTH_METHODS).optional(),
    auth_method: z.enum(AUTH_METHODS).optional(),
    client_name: text(80).optional(),
    client_uri: text(2000).optional(),
    redirect_uris: uriList.optional().describe('Left out: any loopback address.'),
    post_logout_redirect_uris: uriList.optional(),
    grant_types: z.array(grantType).max(20).optional(),
    response_types: z.array(text(100)).max(10).optional(),
    application_type: z.enum(['web', 'native']).optional(),
    scope: z
      .string()
      .max(2000)
      .refine((value) => value === '' || value.split(' ').every((one) => scopeToken.safeParse(one).success), {
        message: 'not scope tokens with single spaces between',
      })
      .optional()
      .describe('What it may ask for at most.'),
    resource: z.string().max(2000).optional(),
    jwks: publicKeys.optional(),
    jwks_uri: webAddress.optional(),
    id_token_signed_response_alg: z.enum(['RS256', 'ES256']).optional(),
    dpop_bound_access_tokens: z.boolean().optional(),
    require_pushed_authorization_requests: z.boolean().optional(),
    claims: claims.optional().describe('Claims of the access tokens that the client gets for itself.'),
  })
  .refine(
    ({ token_endpoint_auth_method: method, auth_method: older }) =>
      method === undefined || older === undefined || method === older,
    { path: ['auth_method'], message: 'not the same as token_endpoint_auth_method' },
  );

/** Bytes of UTF-8 that a note may have. */
export const NOTE_BYTES = 4096;

export const noteSeed = z.strictObject({
  email: z.email().max(254).optional().describe('Whose note. Without email and sub: of every made-up user.'),
  sub: text(255).optional(),
  text: text(NOTE_BYTES).refine((note) => new TextEncoder().encode(note).length <= NOTE_BYTES, {
    message: `a note has ${NOTE_BYTES} bytes of UTF-8 at most`,
  }),
});

/** An access token that is issued without a flow. */
export const tokenSeed = z
  .strictObject({
    client_id: text(2000).default('control-api').describe('Whose token it is.'),
    sub: text(255).nullable().default(null).describe('Whose user, by subject identifier; null: no user.'),
    email: z.string().max(254).optional().describe('Whose user, by address.'),
    scope: scopes.optional().describe('notes:read by default.'),
    audience: addresses.optional().describe('The MCP servers by default.'),
    resource: addresses.optional().describe('The same as audience.'),
    expires_in: z.number().int().min(1).max(31_536_000).nullable().optional().describe('Seconds; null: never.'),
    claims: claims.optional().describe('Further claims of this token.'),
    token: z
      .string()
      .regex(/^[\x21-\x7E]{1,2000}$/, 'printable ASCII without spaces')
      .optional()
      .describe('A value of your own; the token is then opaque.'),
  })
  .refine(({ audience, resource }) => audience === undefined || resource === undefined, {
    path: ['resource'],
    message: 'audience says the same; give one of them',
  });

/** Refuses a list that names something twice: the second would replace the first without a word. */
function namedOnce<Item>(member: keyof Item & string, nameOf: (item: Item) => string) {
  return (items: readonly Item[], context: z.RefinementCtx): void => {
    const names = new Set<string>();
    for (const [at, item] of items.entries()) {
      const name = nameOf(item);
      if (names.has(name)) context.addIssue({ code: 'custom', path: [at, member], message: `${name} is named twice` });
      names.add(name);
    }
  };
}

/** Pre-registered clients, each with an identifier of its own. */
export const clientSeeds = z.array(clientSeed).superRefine(namedOnce<ClientSeed>('client_id', (one) => one.client_id));
const userSeeds = z.array(userSeed).superRefine(namedOnce<UserSeed>('email', ({ email }) => email.toLowerCase()));

/** `seed` of `POST /api/sandboxes`. */
export const seedSchema = z.strictObject({
  users: userSeeds.max(100).optional(),
  clients: clientSeeds.max(100).optional(),
  notes: z.array(noteSeed).max(100).optional(),
  tokens: z.array(tokenSeed).max(100).optional(),
});

export type UserSeed = z.output<typeof userSeed>;
export type ClientSeed = z.output<typeof clientSeed>;
export type TokenSeed = z.output<typeof tokenSeed>;
export type Seed = z.output<typeof seedSchema>;

/** How a client authenticates; with a secret and no method it is HTTP Basic. */
export function authMethodOf(client: ClientSeed): (typeof AUTH_METHODS)[number] {
  return (
    client.token_endpoint_auth_method ??
    client.auth_method ??
    (client.client_secret === undefined ? 'none' : 'client_secret_basic')
  );
}
