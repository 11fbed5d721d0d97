/**
 * Which recorded exchanges are an outside client's. What this page sends itself, what its visitor
 * does at consent on its behalf, preflights and what the control token opened belong to no client.
 */
import { NOT_KEPT } from '#lib/exchange/kept.ts';
import { headerOf, interactionOf, queryOf, tokenOf } from '#lib/exchange/read.ts';
import type { Exchange } from '../types.ts';

/** Methods that say nothing about a client. */
const SILENT: ReadonlySet<string> = new Set(['OPTIONS', 'HEAD']);

/** Sent by a script of this origin: the guide itself, or another of its pages. */
function isOwnScript(exchange: Exchange): boolean {
  return (
    headerOf(exchange.request, 'sec-fetch-site') === 'same-origin' &&
    headerOf(exchange.request, 'sec-fetch-mode') !== 'navigate'
  );
}

function showsControl(exchange: Exchange): boolean {
  return tokenOf(exchange)?.token === NOT_KEPT || queryOf(exchange).get('control_token') !== null;
}

/**
 * The exchanges of outside clients, oldest first. With more than one client, those of the one that
 * named itself last, and those that name nobody.
 * @param origin of the page: whoever is called back at its guide is the guide
 * @param claimed numbers of the exchanges that this page knows to be its own
 */
export function outsideExchanges(
  exchanges: readonly Exchange[],
  origin: string,
  claimed: ReadonlySet<number> = new Set(),
): Exchange[] {
  const ownClients = new Set<string>();
  const ownInteractions = new Set<string>();
  const outside: Exchange[] = [];
  for (const exchange of exchanges) {
    if (SILENT.has(exchange.request.method)) continue;
    const interaction = interactionOf(exchange);
    const clientId = exchange.client.clientId;
    const isOwn =
      claimed.has(exchange.seq) ||
      isOwnScript(exchange) ||
      showsControl(exchange) ||
      queryOf(exchange).get('redirect_uri') === `${origin}/guide/callback` ||
      (clientId !== null && ownClients.has(clientId)) ||
      (interaction !== null && ownInteractions.has(interaction));
    if (!isOwn) {
      outside.push(exchange);
      continue;
    }
    if (clientId !== null) ownClients.add(clientId);
    if (interaction !== null) ownInteractions.add(interaction);
  }
  const followed = outside.findLast((exchange) => exchange.client.clientId !== null)?.client.clientId ?? null;
  const others = new Set(
    outside
      .filter((exchange) => exchange.client.clientId !== null && exchange.client.clientId !== followed)
      .flatMap((exchange) => interactionOf(exchange) ?? []),
  );
  return outside.filter((exchange) =>
    exchange.client.clientId === null
      ? !others.has(interactionOf(exchange) ?? '')
      : exchange.client.clientId === followed,
  );
}
