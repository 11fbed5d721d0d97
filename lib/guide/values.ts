/**
 * Values: what `{name}` stands for now, and how templates are filled.
 */
import { isLoopbackName } from '#lib/spec/loopback.ts';
import { derives } from './values/index.ts';
import type { Bag, HeldValue, SandboxRef, Span, Track } from './types.ts';

const NAME = /\{([a-z][a-z0-9_]*)\}/g;

/** Whether an origin is this very machine: then the client is `native`, and no interstitial is shown. */
export function isLoopback(origin: string): boolean {
  return isLoopbackName(new URL(origin).hostname);
}

/** A value as it is held. Unknown names are the client's own and no secret. */
export function held(
  track: Pick<Track, 'values'>,
  name: string,
  value: string,
  step: string | null,
  run = 0,
  provisional = false,
): HeldValue {
  const info = track.values[name];
  return {
    name,
    value,
    madeBy: info?.made_by ?? 'client',
    secret: info?.secret ?? false,
    step,
    run,
    ...(provisional ? { provisional } : {}),
  };
}

/**
 * What is known before anything has travelled: the sandbox's addresses and what the client brings.
 * @param origin of the page, without a trailing slash
 * @param sandbox null: its address is yet to be made, and stands as `…`
 * @param server the reader's own MCP server; null: the sandbox's
 */
export function givenValues(
  track: Pick<Track, 'values'>,
  origin: string,
  sandbox: SandboxRef | null,
  server: string | null = null,
): Bag {
  const base = sandbox?.base ?? `${origin}/s/\u2026`;
  const mcp = server ?? sandbox?.mcp.oauth ?? `${base}/mcp`;
  const provisional = sandbox === null;
  return {
    origin: held(track, 'origin', origin, null),
    base: held(track, 'base', base, null, 0, provisional),
    mcp_url: held(track, 'mcp_url', mcp, null, 0, provisional && server === null),
    other_mcp_url: held(track, 'other_mcp_url', `${base}/oauth`, null, 0, provisional),
    redirect_uri: held(track, 'redirect_uri', `${origin}/guide/callback`, null),
    client_name: held(track, 'client_name', 'The Authwalk guide', null),
    application_type: held(track, 'application_type', isLoopback(origin) ? 'native' : 'web', null),
  };
}

/** A bag with what follows from the values in it. */
export function withDerived(track: Pick<Track, 'values'>, bag: Bag): Bag {
  const more: Record<string, HeldValue> = {};
  for (const { value, derive } of derives) {
    if (bag[value] !== undefined) continue;
    const text = derive(bag);
    if (text !== null) more[value] = held(track, value, text, bag.client_secret?.step ?? null);
  }
  return { ...bag, ...more };
}

/** Names in a template, in order, once each. */
export function namesIn(template: string): string[] {
  return [...new Set([...template.matchAll(NAME)].map((match) => match[1]!))];
}

/** Fills a template; a name that is not held stays as `{name}`. */
export function fill(template: string, bag: Bag): string {
  return template.replace(NAME, (whole, name: string) => bag[name]?.value ?? whole);
}

/** Names of a template that are not held yet, or only provisionally. */
export function missingIn(template: string, bag: Bag): string[] {
  return namesIn(template).filter((name) => bag[name] === undefined);
}

/** Fills a template and says which piece is which value. */
export function fillSpans(template: string, bag: Bag): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of template.matchAll(NAME)) {
    if (match.index > from) spans.push({ text: template.slice(from, match.index) });
    const value = bag[match[1]!];
    spans.push(value ? { text: value.value, value: value.name, madeBy: value.madeBy } : { text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < template.length || spans.length === 0) spans.push({ text: template.slice(from) });
  return spans;
}

/** Fills every string in a JSON value. */
export function fillJson(node: unknown, bag: Bag): unknown {
  if (typeof node === 'string') return fill(node, bag);
  if (Array.isArray(node)) return node.map((item) => fillJson(item, bag));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, fillJson(inner, bag)]));
  return node;
}

/** Shortens in the middle: `Nh7p…DYco`. For rail, holdings and headings; exchanges show the whole. */
export function shorten(value: string, keep = 4): string {
  return value.length <= keep * 2 + 3 ? value : `${value.slice(0, keep)}\u2026${value.slice(-keep)}`;
}

/** Values that are made from others: whoever lights the one may light the other. */
export const DERIVED_FROM: Readonly<Record<string, string>> = {
  code_challenge: 'code_verifier',
  as_metadata_url: 'issuer',
  iss: 'issuer',
  requested_scope: 'challenged_scope',
  granted_scope: 'challenged_scope',
  resource: 'mcp_url',
};

/** All names of one family: the value, what it is made from and what is made from it. */
export function relatedNames(name: string): ReadonlySet<string> {
  const root = DERIVED_FROM[name] ?? name;
  return new Set([root, name, ...Object.keys(DERIVED_FROM).filter((key) => DERIVED_FROM[key] === root)]);
}
