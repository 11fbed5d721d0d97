/** Whether and how an answer refuses: challenges, error codes and their words. */
import { type Challenge, parseChallenges } from '../challenges.ts';
import type { Exchange, HttpResponse } from '../types.ts';
import { headersOf, isObject, mediaTypeOf, once, queryOf, scalar, type WithMessages } from './message.ts';
import { redirectOf } from './redirect.ts';
import { answerOf } from './rpc.ts';

const challenges = once((response: HttpResponse) =>
  headersOf(response, 'www-authenticate').flatMap((value) => parseChallenges(value)),
);

/** The challenges of the answer's `WWW-Authenticate`, in order. */
export function challengesOf({ response }: { readonly response: HttpResponse | null }): readonly Challenge[] {
  return response ? challenges(response) : [];
}

/** The challenge that asks for an access token; null if there is none. */
export function tokenChallengeOf(exchange: { readonly response: HttpResponse | null }): Challenge | null {
  return challengesOf(exchange).find(({ scheme }) => /^(?:bearer|dpop)$/i.test(scheme)) ?? null;
}

/**
 * The error code on the wire: of a challenge, of a redirect, of OAuth or of JSON-RPC; null if the answer has none.
 * A page for people carries no code: there the recorder knows it.
 */
export function errorOf(exchange: WithMessages & Pick<Exchange, 'error' | 'to'>): string | null {
  if (exchange.to === 'client') return queryOf(exchange).get('error');
  const { response } = exchange;
  if (response === null) return exchange.error;
  // A challenge without `error` means that no credentials were found: the body adds nothing to that.
  const challenge = tokenChallengeOf(exchange);
  if (challenge) return challenge.parameters.error ?? null;
  const redirected = redirectOf(exchange)?.parameters.get('error');
  if (redirected) return redirected;
  const error = answerOf(exchange)?.error;
  if (typeof error === 'string') return error;
  if (isObject(error)) return scalar(error.code);
  return mediaTypeOf(response) === 'text/html' ? exchange.error : null;
}

/** The words that an error came with; null if there are none. */
export function errorDescriptionOf(exchange: WithMessages): string | null {
  const challenge = challengesOf(exchange).find(({ parameters: { error_description } }) => error_description);
  if (challenge) return challenge.parameters.error_description!;
  const redirected = redirectOf(exchange)?.parameters.get('error_description');
  if (redirected) return redirected;
  const body = answerOf(exchange);
  if (typeof body?.error_description === 'string') return body.error_description;
  return isObject(body?.error) && typeof body.error.message === 'string' ? body.error.message : null;
}

/** Whether the answer refuses: no answer, a status of 400 and above, or a redirect with an error. */
export function isRefused(exchange: WithMessages): boolean {
  const status = exchange.response?.status ?? 0;
  return status === 0 || status >= 400 || Boolean(redirectOf(exchange)?.parameters.get('error'));
}
