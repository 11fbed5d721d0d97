/**
 * Which values an answer brought. Members of JSON answers are values under their own names; what
 * stands elsewhere (a challenge, a redirect, a tool's result) has its line here.
 */
import type { Exchange } from '#lib/exchange/types.ts';
import { formOf, interactionOf, jsonOf, queryOf, tokenChallengeOf, toolResultOf } from '#lib/exchange/read.ts';
import type { Bag, Step, StepRequest } from './types.ts';

/**
 * The address of an issuer's metadata: the well-known part goes between host and path.
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-3.1
 */
export function metadataUrl(issuer: string): string {
  try {
    const url = new URL(issuer);
    return `${url.origin}/.well-known/oauth-authorization-server${url.pathname === '/' ? '' : url.pathname}`;
  } catch {
    return issuer;
  }
}

type Reader = (exchange: Exchange) => string | null | undefined;

const json = (exchange: Exchange): Record<string, unknown> | null => jsonOf(exchange.response);
const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

/** The notes in a tool's result: structured where it is, else JSON in its text. */
function notesIn(exchange: Exchange): unknown[] | null {
  const result = toolResultOf(exchange);
  if (!result || result.isError === true) return null;
  const structured = result.structuredContent as { notes?: unknown } | undefined;
  if (Array.isArray(structured?.notes)) return structured.notes;
  const first = Array.isArray(result.content) ? (result.content[0] as { text?: unknown } | undefined)?.text : null;
  if (typeof first !== 'string') return null;
  try {
    const value: unknown = JSON.parse(first);
    if (Array.isArray(value)) return value;
    const inner = (value as { notes?: unknown }).notes;
    return Array.isArray(inner) ? inner : null;
  } catch {
    return null;
  }
}

/** Where a value stands, if not in the JSON member of its own name. */
const READERS: Readonly<Record<string, Reader>> = {
  resource_metadata_url: (exchange) => tokenChallengeOf(exchange)?.parameters.resource_metadata,
  challenged_scope: (exchange) => tokenChallengeOf(exchange)?.parameters.scope,
  issuer: (exchange) => {
    const body = json(exchange);
    const servers = body?.authorization_servers;
    return Array.isArray(servers) ? text(servers[0]) : text(body?.issuer);
  },
  as_metadata_url: (exchange) => {
    const servers = json(exchange)?.authorization_servers;
    return Array.isArray(servers) && typeof servers[0] === 'string' ? metadataUrl(servers[0]) : null;
  },
  redirect_uri: (exchange) => {
    const uris = json(exchange)?.redirect_uris;
    return Array.isArray(uris) ? text(uris[0]) : null;
  },
  interaction: (exchange) => (formOf(exchange).has('interaction') ? null : interactionOf(exchange)),
  granted_scope: (exchange) => {
    const form = formOf(exchange);
    if (form.has('interaction')) return form.get('action') === 'deny' ? null : form.getAll('scope').join(' ') || null;
    return formOf(exchange).get('grant_type') ? text(json(exchange)?.scope) : null;
  },
  code: (exchange) => queryOf(exchange).get('code'),
  iss: (exchange) => queryOf(exchange).get('iss'),
  user: (exchange) => formOf(exchange).get('email'),
  notes: (exchange) => {
    const notes = notesIn(exchange);
    return notes ? JSON.stringify(notes) : null;
  },
};

/** Values made alongside others, without a line of their own in `values_made`. */
const ALONGSIDE: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  notes: {
    notes_count: (exchange) => {
      const notes = notesIn(exchange);
      return notes ? String(notes.length) : null;
    },
  },
  client_id: { client_secret: (exchange) => text(json(exchange)?.client_secret) },
  access_token: {
    expires_in: (exchange) => text(json(exchange)?.expires_in),
    id_token: (exchange) => text(json(exchange)?.id_token),
    granted_scope: READERS.granted_scope!,
  },
};

/**
 * The values of a step that this exchange brought.
 * @returns by name; the names that `values_made` of the step declares, and what goes with them
 */
export function extractValues(step: Step, request: StepRequest, exchange: Exchange): Record<string, string> {
  const made: Record<string, string> = {};
  const note = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') made[name] = value;
  };
  const body = json(exchange);
  const isError = (exchange.response?.status ?? 0) >= 400;
  for (const { value: name } of step.values_made) {
    const reader = READERS[name];
    // What a redirect carries is held once it has arrived and been compared, not while it travels.
    if ((name === 'code' || name === 'iss') && request.to !== 'client') continue;
    if (reader) note(name, reader(exchange));
    else if (!isError && body && request.from === 'client') note(name, text(body[name]));
    for (const [other, read] of Object.entries(ALONGSIDE[name] ?? {})) note(other, read(exchange));
  }
  return made;
}

/** Values that a renewal pushes aside: they are kept so that they can be tried. */
export function previousValues(
  exchange: Exchange,
  made: Readonly<Record<string, string>>,
  bag: Bag,
): Record<string, string> {
  if (formOf(exchange).get('grant_type') !== 'refresh_token' || !made.access_token) return {};
  const previous: Record<string, string> = {};
  if (bag.access_token) previous.previous_access_token = bag.access_token.value;
  if (bag.refresh_token && made.refresh_token && made.refresh_token !== bag.refresh_token.value)
    previous.previous_refresh_token = bag.refresh_token.value;
  return previous;
}
