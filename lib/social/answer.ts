/** What a provider answered, and whether it holds. */
import * as client from 'openid-client';
import type { Connection } from './connect.ts';
import type { PendingSignIn } from './pending.ts';

/** Who the user is, as the provider says. */
export interface UpstreamUser {
  readonly sub: string;
  readonly email: string | null;
  /** Of the claims, those that are kept. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export type UpstreamAnswer =
  | { readonly ok: true; readonly issuer: string; readonly user: UpstreamUser }
  | {
      readonly ok: false;
      /** Who ended it: the user at the provider, or an answer that does not hold. */
      readonly by: 'user' | 'provider';
      /** A stable code of openid-client, or the provider's error code. */
      readonly code: string;
      readonly problem: string;
    };

/**
 * Redeems the code and checks all that came with it.
 * @param url the address that the provider sent the user to, with its parameters
 */
export async function readAnswer(
  { config, profile }: Connection,
  { nonce, verifier }: PendingSignIn,
  url: URL,
  state: string,
): Promise<UpstreamAnswer> {
  const { issuer } = config.serverMetadata();
  try {
    const tokens = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      ...(profile === null ? { expectedNonce: nonce, idTokenExpected: true } : {}),
    });
    const claims =
      profile === null ? tokens.claims()! : await readProfile(config, tokens.access_token, new URL(profile));
    return { ok: true, issuer, user: userOf(claims) };
  } catch (error) {
    return refused(error);
  }
}

/** The user of a provider without ID tokens: GitHub's profile, and the address that it verified. */
async function readProfile(config: client.Configuration, token: string, address: URL) {
  const get = async (url: URL): Promise<unknown> => {
    const response = await client.fetchProtectedResource(config, token, url, 'GET');
    if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
    return await response.json();
  };
  const profile = (await get(address)) as Record<string, unknown>;
  const listed = await get(new URL(`${address.href}/emails`)).catch(() => []);
  const emails = (Array.isArray(listed) ? listed : []) as { email?: unknown; primary?: unknown; verified?: unknown }[];
  const primary = emails.find((one) => one.primary === true && one.verified === true);
  return {
    sub: typeof profile.id === 'number' ? String(profile.id) : '',
    name: profile.name,
    preferred_username: profile.login,
    picture: profile.avatar_url,
    email: primary?.email,
    email_verified: primary !== undefined,
  };
}

const MAX_CLAIM = 500;

function userOf(claims: Readonly<Record<string, unknown>>): UpstreamUser {
  const text = (name: string): string | null => {
    const value = claims[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, MAX_CLAIM) : null;
  };
  const sub = text('sub');
  if (sub === null) throw new Error('the provider names no subject');
  const kept = ['name', 'given_name', 'family_name', 'preferred_username', 'picture'].flatMap((name) => {
    const value = text(name);
    return value === null ? [] : [[name, value] as const];
  });
  const email = text('email');
  return {
    sub,
    email,
    claims: {
      ...Object.fromEntries(kept),
      ...(email === null ? {} : { email_verified: claims.email_verified === true }),
    },
  };
}

function refused(error: unknown): UpstreamAnswer {
  if (error instanceof client.AuthorizationResponseError) {
    const code = error.error.slice(0, 100);
    const said = error.error_description?.slice(0, 300);
    return {
      ok: false,
      by: 'user',
      code,
      problem: `it sent you back with ${code}${said ? ` (${said})` : ''}. No user was signed in.`,
    };
  }
  const code = (error as { code?: unknown } | null)?.code;
  const says = saysOf(error).slice(0, 300);
  return {
    ok: false,
    by: 'provider',
    code: typeof code === 'string' ? code : 'OAUTH_ERROR',
    problem: `its answer does not hold (${says}). No user was signed in.`,
  };
}

/** The message of an error, with what it was caused by: openid-client tells there which check failed. */
function saysOf(error: unknown): string {
  if (error instanceof client.ResponseBodyError)
    return [error.error, error.error_description].filter((text) => text !== undefined).join(': ');
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** What is told if the provider cannot even be asked. */
export function unreachable(error: unknown): UpstreamAnswer {
  const answer = refused(error);
  return answer.ok ? answer : { ...answer, problem: answer.problem.replace('its answer', 'its metadata') };
}
