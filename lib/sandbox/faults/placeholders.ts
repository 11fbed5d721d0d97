/** What placeholders of a fault stand for, beside the addresses of the sandbox. */
import { randomUUID } from 'node:crypto';
import { parameterOf, jsonOf } from '#lib/exchange/read.ts';
import type { Context } from '#lib/oauth/context.ts';
import { addressesOf, type Escape, fillText, type Placeholders } from '../placeholders.ts';
import { sentOf } from './match.ts';

/** Characters of a parameter that an answer repeats. */
const LONGEST = 2_048;

/**
 * `{request.NAME}`: a parameter of the request, empty if it has none. `{rpc_id}`: the id of a JSON-RPC request.
 * `{uuid}`: a new one for each answer. `{now}`: seconds since the epoch on the clock of the sandbox.
 */
export function requestValues(ctx: Context): Placeholders {
  const addresses = addressesOf(ctx.tenant);
  const sent = sentOf(ctx);
  const uuid = randomUUID();
  return (name) => {
    if (name === 'uuid') return uuid;
    if (name === 'now') return Math.floor(ctx.tenant.now() / 1000);
    if (name === 'rpc_id') {
      const id = jsonOf(sent.request)?.id;
      return typeof id === 'string' || typeof id === 'number' ? id : null;
    }
    if (name.startsWith('request.')) return (parameterOf(sent, name.slice(8)) ?? '').slice(0, LONGEST);
    return addresses(name);
  };
}

/** How a value comes into a text of this type, in lower case, without breaking out of it. */
function escapeFor(contentType: string): Escape {
  if (contentType.startsWith('application/json')) return (value) => JSON.stringify(value).slice(1, -1);
  if (contentType.startsWith('text/html'))
    return (value) => value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  // A line break would begin another field of the stream.
  if (contentType.startsWith('text/event-stream')) return (value) => JSON.stringify(value).slice(1, -1);
  return (value) => value;
}

/** A text that a fault sends. In JSON the id of a request stands as the value it is, with quotes or without. */
export function writeText(text: string, values: Placeholders, contentType: string): string {
  // Media types are compared without regard to case (RFC 9110 §8.3.1).
  const type = contentType.toLowerCase();
  const isJson = /^(?:application\/json|text\/event-stream)/.test(type);
  const withId = isJson ? text.replaceAll(/"\{rpc_id\}"|\{rpc_id\}/g, () => JSON.stringify(values('rpc_id'))) : text;
  return fillText(withId, values, escapeFor(type));
}

/** For header values: printable ASCII alone. */
export const escapeHeader: Escape = (value) => value.replaceAll(/[^\t\x20-\x7E]/g, '');
