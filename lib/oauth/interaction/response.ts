/** The authorization response: a code or an error, carried to the client by the browser. */
import { printable } from '#lib/spec/printable.ts';
import { note, noteRefusal } from '../checks/check.ts';
import type { ResponseMode } from '../checks/response-mode.ts';
import type { Context } from '../context.ts';
import type { OAuthError } from '../errors.ts';
import { noteDenial } from '../grants/elsewhere.ts';
import { delay } from './delay.ts';
import { type Navigation, navigate } from './navigate.ts';

/** What a sandbox can be made to get wrong in one answer, from the consent page. */
export const MISBEHAVIOURS = ['wrong-code', 'wrong-state', 'wrong-iss', 'no-iss', 'late'] as const;
export type Misbehaviour = (typeof MISBEHAVIOURS)[number];

/** Seconds that the misbehaviour `late` takes. */
const LATE = 30;
/** An issuer that is certainly another: no one can own a name below `.example`. */
const OTHER_ISSUER = 'https://other-issuer.example';

/** Where the answer goes, and in which way. */
export interface Target {
  readonly redirectUri: string;
  readonly state?: string;
  /** Absent: `query`. */
  readonly responseMode?: ResponseMode;
}

/** How the answer is given. */
export interface Manner extends Partial<Pick<Navigation, 'approved' | 'status'>> {
  readonly misbehave?: readonly Misbehaviour[];
}

/**
 * Answers with a code.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2
 */
export async function sendCode(ctx: Context, target: Target, code: string, manner: Manner = {}): Promise<Response> {
  const knob = ctx.tenant.config['authorize.code'];
  const wrong = knob === 'wrong' || manner.misbehave?.includes('wrong-code');
  if (knob !== 'valid') acted(ctx, 'authorize.code');
  const parameters: [string, string][] = knob === 'omit' ? [] : [['code', wrong ? ctx.tenant.random(32) : code]];
  return send(ctx, target, parameters, manner);
}

/**
 * Answers with an error. Only for errors found after client and redirect URI were matched.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export async function sendError(
  ctx: Context,
  target: Target,
  error: OAuthError,
  manner: Manner = {},
): Promise<Response> {
  noteRefusal(ctx.trace, error);
  const { clientId } = ctx.trace.facts;
  if (error.reason === 'consent-denied' && clientId !== undefined) noteDenial(ctx, clientId);
  return send(
    ctx,
    target,
    [
      ['error', error.code],
      ['error_description', printable(error.description)],
    ],
    manner,
  );
}

async function send(ctx: Context, target: Target, parameters: [string, string][], manner: Manner): Promise<Response> {
  const { config } = ctx.tenant;
  const state = stateOf(ctx, target.state, manner);
  const iss = issuerOf(ctx, manner);
  const query = new URLSearchParams([
    ...parameters,
    ...(state === null ? [] : [['state', state]]),
    ...(iss === null ? [] : [['iss', iss]]),
  ]);
  note(ctx.trace, 'authorization-response', `The answer goes to the redirect URI${beside(state, iss)}`, 'rfc9207-2', {
    parameters: [...query.keys()],
    response_mode: target.responseMode ?? 'query',
  });
  if (config['consent.delay'] > 0) acted(ctx, 'consent.delay');
  await delay(ctx.tenant, manner.misbehave?.includes('late') ? LATE : config['consent.delay']);
  return navigate(ctx, {
    ...carried(target, query),
    approved: manner.approved ?? false,
    ...(manner.status ? { status: manner.status } : {}),
  });
}

/** What ties the answer to its request and to its server, as far as it has that. */
function beside(state: string | null, iss: string | null): string {
  const names = [...(state === null ? [] : ['`state`']), ...(iss === null ? [] : ['`iss`'])];
  return names.length === 0 ? '' : `, with ${names.join(' and ')}`;
}

/** The parameters of the answer, where the response mode wants them. */
function carried({ redirectUri, responseMode }: Target, answer: URLSearchParams): Pick<Navigation, 'to' | 'form'> {
  switch (responseMode) {
    case 'form_post':
      return { to: redirectUri, form: [...answer] };
    case 'fragment':
      return { to: `${redirectUri}#${answer}` };
    default:
      return { to: withQuery(redirectUri, answer) };
  }
}

function stateOf(ctx: Context, state: string | undefined, manner: Manner): string | null {
  const knob = ctx.tenant.config['authorize.state'];
  if (knob !== 'echo') acted(ctx, 'authorize.state');
  if (knob === 'wrong' || manner.misbehave?.includes('wrong-state')) return ctx.tenant.random(16);
  return knob === 'omit' ? null : (state ?? null);
}

/**
 * `iss`: who answers, so that the client of several servers can tell them apart.
 * @see https://datatracker.ietf.org/doc/html/rfc9207#section-2
 */
function issuerOf(ctx: Context, manner: Manner): string | null {
  const knob = ctx.tenant.config['authorize.iss'];
  const { issuer } = ctx.tenant;
  if (knob !== 'correct') acted(ctx, 'authorize.iss');
  if (knob === 'omit' || manner.misbehave?.includes('no-iss')) return null;
  if (knob === 'other-issuer' || manner.misbehave?.includes('wrong-iss')) return OTHER_ISSUER;
  return knob === 'equivalent' ? equivalentIssuer(issuer) : issuer;
}

/** Another spelling of the same URL: a slash if there is no path, else the host in capitals. */
export function equivalentIssuer(issuer: string): string {
  const parts = /^(https?:\/\/)([^/]+)(\/.*)?$/.exec(issuer);
  if (!parts) return issuer;
  return parts[3] ? `${parts[1]}${parts[2]!.toUpperCase()}${parts[3]}` : `${issuer}/`;
}

/**
 * Adds parameters to a redirect URI, whose own query "MUST be retained".
 * The URI is not parsed and put together again: that could change its spelling.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.3
 */
export function withQuery(uri: string, query: URLSearchParams): string {
  if (query.size === 0) return uri;
  const joint = uri.includes('?') ? (/[?&]$/.test(uri) ? '' : '&') : '?';
  return `${uri}${joint}${query}`;
}

function acted(ctx: Context, name: string): void {
  ctx.trace.set({ acted: { kind: 'knob', name } });
}
