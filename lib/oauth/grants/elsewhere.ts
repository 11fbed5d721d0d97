/**
 * What the server knows of a value that is wrong here and would be right elsewhere: a verifier of another request, a
 * state in place of a code. It stands in the record, for the owner of the client, and never in the answer.
 *
 * Looked up only once something is wrong, among the newest grants of the issuer.
 */
import { processWideMap } from '#lib/spec/bounded-map.ts';
import type { GrantRecord } from '#lib/store/store.ts';
import type { Evidence } from '../checks/types.ts';
import type { Context, GrantDetails } from '../context.ts';
import { sameSecret, sha256 } from '../hash.ts';
import { locateToken } from '../tokens/locate.ts';

/** Grants that are looked through, newest first: anybody may send a wrong code, and each one costs so much. */
const LOOK_BACK = 100;
/** Denials that are kept in this process, and for how long, ms of protocol time. */
const DENIALS = 5000;
const DENIED_LATELY = 10 * 60 * 1000;

/** What is known, or undefined if nothing is. */
export type Known = Evidence | undefined;

/** A grant, as the record names it: by its id, and by when its request was approved. */
function named(says: string, grant: GrantRecord): Evidence {
  const at = new Date(grant.createdAt).toISOString();
  return { says: `${says} the authorization request of ${at}.`, grant: grant.id, client_id: grant.clientId, at };
}

/** What a value may be of a grant, and how that is told: the first that fits counts. */
type Guess = readonly [says: string, fits: (details: GrantDetails) => boolean];

async function find(ctx: Context, guesses: readonly Guess[]): Promise<Evidence | undefined> {
  const grants = await ctx.tenant.store.listGrants({ limit: LOOK_BACK });
  for (const [says, fits] of guesses) {
    const grant = grants.find(({ details }) => fits(details as GrantDetails));
    if (grant !== undefined) return named(says, grant);
  }
  return undefined;
}

/** Whose verifier it is. @param here the grant of the code that came with it */
export async function verifierElsewhere(ctx: Context, verifier: string, here: GrantRecord): Promise<Known> {
  const own = (here.details as GrantDetails).challenge;
  if (own !== undefined && verifier === own)
    return { says: 'This is the challenge itself. The verifier is the value that it was computed from.' };
  const challenge = sha256(verifier);
  return await find(ctx, [
    ['This is the verifier of', (details) => details.challenge === challenge],
    ['This is the challenge, and not the verifier, of', (details) => details.challenge === verifier],
  ]);
}

/** Whose redirect URI it is. @param here the grant of the code that came with it */
export async function redirectElsewhere(ctx: Context, uri: string, here: GrantRecord): Promise<Known> {
  const found = await find(ctx, [['This is the redirect URI of', (details) => details.redirectUri === uri]]);
  return found?.grant === here.id ? undefined : found;
}

/** What a code is that was never issued as one. */
export async function codeElsewhere(ctx: Context, code: string): Promise<Known> {
  const hash = sha256(code);
  const found = await find(ctx, [
    [
      'This is the state, and not the code, of',
      ({ stateHash }) => stateHash !== undefined && sameSecret(stateHash, hash),
    ],
    ['This is the verifier, and not the code, of', ({ challenge }) => challenge === hash],
  ]);
  if (found !== undefined) return found;
  const token = await locateToken(ctx.tenant, code);
  if (token === null) return undefined;
  const kind = token.kind === 'access_token' ? 'an access token' : 'a refresh token';
  return { says: `This is ${kind}, and not a code.`, grant: token.token.grantId };
}

const denials = () => processWideMap<string, number>('denials', DENIALS);
const denialOf = (ctx: Context, clientId: string) => `${ctx.tenant.store.scope} ${clientId}`;

/** Remembers that a request of the client was denied. */
export function noteDenial(ctx: Context, clientId: string): void {
  denials().set(denialOf(ctx, clientId), ctx.tenant.now());
}

/** Forgets it: a later request was approved. */
export function forgetDenial(ctx: Context, clientId: string): void {
  denials().delete(denialOf(ctx, clientId));
}

/** The denial that a client without a code may have overlooked. */
export function lateDenial(ctx: Context, clientId: string): Known {
  const at = denials().get(denialOf(ctx, clientId));
  if (at === undefined || ctx.tenant.now() - at > DENIED_LATELY) return undefined;
  const time = new Date(at).toISOString();
  return {
    says: `The user denied the latest authorization request of this client at ${time}.`,
    reason: 'consent-denied',
    at: time,
  };
}
