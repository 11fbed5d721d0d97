/**
 * An invented inner network, for the lab about names that point inwards (`cimd.guard: none-simulated`).
 * Nothing here is ever connected to: the hosts do not exist, and the answers are these texts.
 */
import { bareHost, isInnerName, isLoopbackHost, isPublicAddress } from './addresses.ts';

export interface SimulatedAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Names of the lab that look public and lead inside: by a redirect, and by a second DNS answer. */
const DETOURS: ReadonlySet<string> = new Set(['detour.example', 'rebind.example']);

const METADATA: SimulatedAnswer = {
  status: 200,
  type: 'text/plain',
  body: 'role: walk-invented\naccess-key: AKIA-INVENTED-NOT-A-KEY\n',
};
const ADMIN: SimulatedAnswer = {
  status: 200,
  type: 'text/html',
  body: '<title>Invented admin console</title> 4 users, 1 open ticket',
};

/** Whether a URL leads into what is, or is invented to be, an inner network. */
export function leadsInside(url: URL): boolean {
  const host = bareHost(url.hostname);
  const literal = /^[\d.]+$/.test(host) || host.includes(':');
  return DETOURS.has(host) || isLoopbackHost(host) || isInnerName(host) || (literal && !isPublicAddress(host));
}

/** Whether a host is one that the lab made up, and that no packet may leave for. */
export function isInvented(url: URL): boolean {
  return DETOURS.has(bareHost(url.hostname));
}

/** What an unguarded server would have been told there. */
export function simulatedAnswer(url: URL): SimulatedAnswer {
  return bareHost(url.hostname) === '169.254.169.254' || isInvented(url) ? METADATA : ADMIN;
}
