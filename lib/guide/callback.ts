/** What comes back to the client by way of the browser. */
import type { Exchange, Step, StepRequest } from './types.ts';

/** Whether an exchange is the browser bringing an answer to the client's redirect URI. */
export function isCallback(exchange: Pick<Exchange, 'from' | 'to'>): boolean {
  return exchange.to === 'client' && exchange.from === 'you';
}

/** The request by which the browser brings the answer of a step; undefined if the step has none. */
export function callbackRequest(step: Step): StepRequest | undefined {
  return step.requests.find((request) => isCallback(request) && request.navigates);
}

/**
 * Whether a page of the server is opened beside this one, in another window or on a phone: it is decided there, and no
 * answer comes back to this page.
 */
export function opensBeside(step: Step): boolean {
  const asks = step.requests.some((request) => request.navigates && request.method === 'POST');
  return asks && callbackRequest(step) === undefined;
}
