/** Where an answer sends the browser, and the consent page that it belongs to. */
import { entryOf } from '#lib/spec/own.ts';
import type { HttpResponse } from '../types.ts';
import { formOf, headerOf, mediaTypeOf, once, type Parameters, queryOfUrl, type WithMessages } from './message.ts';

/** An answer that goes on to another address by way of the browser. */
export interface Redirect {
  /** The address without query and fragment. */
  readonly uri: string;
  /** The whole address; for a form, where it posts to. */
  readonly href: string;
  readonly by: 'query' | 'fragment' | 'form_post';
  readonly parameters: Parameters;
}

const redirect = once((response: HttpResponse): Redirect | null => {
  const location = headerOf(response, 'location');
  if (location !== null) {
    const [uri = ''] = location.split(/[?#]/, 1);
    const hash = location.indexOf('#');
    if (hash >= 0 && location.slice(hash).includes('='))
      return { uri, href: location, by: 'fragment', parameters: new URLSearchParams(location.slice(hash + 1)) };
    return { uri, href: location, by: 'query', parameters: queryOfUrl(location) };
  }
  return formPostOf(response);
});

/**
 * Where the answer sends the browser, by `Location` or by a form that posts itself; null if it stays.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function redirectOf({ response }: { readonly response: HttpResponse | null }): Redirect | null {
  return response && redirect(response);
}

function formPostOf(response: HttpResponse): Redirect | null {
  if (response.body === null || mediaTypeOf(response) !== 'text/html') return null;
  const tag = /<form\b[^<>]*>/i.exec(response.body)?.[0];
  if (tag === undefined || !/\bmethod="?post"?/i.test(tag)) return null;
  const href = attribute(tag, 'action');
  if (href === null || !/^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  const fields = [...response.body.matchAll(/<input\b[^<>]*>/gi)]
    .map(([field]) => [attribute(field, 'name'), attribute(field, 'value') ?? ''] as const)
    .filter((field): field is readonly [string, string] => field[0] !== null);
  return {
    uri: href.split(/[?#]/, 1)[0]!,
    href,
    by: 'form_post',
    parameters: new URLSearchParams(fields.map((field) => [...field])),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return (
    value?.replace(/&(#?\w+);/g, (whole, entity: string) => entryOf(ENTITIES, entity.toLowerCase()) ?? whole) ?? null
  );
}

/** The consent page that an answer leads to, or that a form belongs to: the id in its address; null if none. */
export function interactionOf(exchange: WithMessages): string | null {
  const inForm = formOf(exchange).get('interaction');
  if (inForm) return inForm;
  return /\/consent\/([\w.~-]+)/.exec(headerOf(exchange.response, 'location') ?? '')?.[1] ?? null;
}
