/** What is said beside the lines of an exchange: the tracks' notes for its kind, and why it was refused. */
import { headerOf } from '#lib/exchange/read.ts';
import type { EndpointNote, Exchange } from './types.ts';

/** Notes that fit an exchange, one a line. */
export function notesFor(notes: readonly EndpointNote[], exchange: Exchange): readonly EndpointNote[] {
  const status = exchange.response?.status ?? 0;
  const anonymous = headerOf(exchange.request, 'authorization') === null;
  const toConsent = (headerOf(exchange.response, 'location') ?? '').includes('/consent/');
  const fits = (note: EndpointNote): boolean =>
    note.endpoint === exchange.endpoint &&
    // Who approves by a parameter gets with the first answer what else comes after the decision.
    (note.method === exchange.request.method || (exchange.endpoint === 'authorize' && note.side === 'response')) &&
    !(exchange.endpoint === 'authorize' && note.lemma === '302' && !toConsent) &&
    (note.grant === null || note.grant === exchange.grantType) &&
    (note.refused === null || note.refused === (status === 401)) &&
    !(note.rpc !== null && /^tools\//.test(note.lemma) && note.rpc !== exchange.rpcMethod) &&
    !(note.side === 'response' && /^\d{3}$/.test(note.lemma) && Number(note.lemma) !== status) &&
    !(note.endpoint === 'mcp' && note.lemma === 'Authorization' && (note.refused === true) !== anonymous) &&
    // A header that this request does not have is missed only if it is the one that lets a client in.
    !(
      note.side === 'request' &&
      /^[A-Z]/.test(note.lemma) &&
      note.lemma !== 'Authorization' &&
      headerOf(exchange.request, note.lemma) === null
    ) &&
    // An answer that refuses says of itself why; what a good one would have held is not there.
    !(note.side === 'response' && status >= 400 && note.endpoint !== 'mcp');
  const taken = new Set<string>();
  return notes.filter((note) => {
    const place = `${note.side} ${note.lemma}`;
    if (!fits(note) || taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}
