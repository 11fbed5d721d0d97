/** An exchange as lines that mean the same in another sandbox: values by their names, chance and time left out. */
import { parseObject } from '#lib/exchange/read.ts';
import type { Bag, Exchange } from '../types.ts';
import { requestAsLines } from '../experiments/diff.ts';

/** Headers that mean something for the protocol; the rest is of the browser and of the day. */
const TELLING: ReadonlySet<string> = new Set([
  'accept',
  'allow',
  'authorization',
  'cache-control',
  'content-type',
  'dpop',
  'dpop-nonce',
  'location',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'www-authenticate',
]);

/** Headers whose value is another one in each answer. */
const NEW_EACH_TIME: ReadonlySet<string> = new Set(['dpop', 'dpop-nonce']);

/** Values shorter than this are words of the protocol as well. */
const SHORTEST = 8;

/** Puts names in the place of values, and `…` in that of what is new each time. */
function namer(bag: Bag): (text: string) => string {
  const values = Object.values(bag)
    // Words of the protocol stand for themselves, and the issuer has two names.
    .filter(({ name, value }) => value.length >= SHORTEST && !/^\d+$/.test(value) && !/scope$/.test(name))
    .filter(({ name }) => name !== 'base' || bag.issuer === undefined)
    .sort((a, b) => b.value.length - a.value.length);
  return (text) =>
    values
      .reduce((named, { name, value }) => {
        const token = `{${name}}`;
        return named.replaceAll(value, token).replaceAll(encodeURIComponent(value), token);
      }, text)
      .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
      .replaceAll(/\b[a-z]+-\d{1,4}(?:@test\.authwalk\.dev)?\b/g, '…')
      .replaceAll(/\b\d{9,}\b/g, '…')
      .replaceAll(/(?<![\w{-])[\w-]{3,}(?:\.[\w-]{3,}){2}(?![\w}-])/g, (jwt) => (jwt.startsWith('eyJ') ? '…' : jwt))
      .replaceAll(/(?<![\w{-])(?=[\w-]*(?:\d|[A-Z]{2}))(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w}-])/g, '…');
}

const telling = (headers: Exchange['request']['headers']) =>
  headers
    .filter(([name]) => TELLING.has(name.toLowerCase()))
    .map(([name, value]) => [headerName(name), NEW_EACH_TIME.has(headerName(name)) ? '…' : value] as const)
    .sort(([a], [b]) => a.localeCompare(b));

/** A page writes `Content-Type`, a recorder `content-type`. */
const headerName = (name: string): string => name.toLowerCase();

/** Events carry their message behind `data:`. */
function bodyOf(body: string | null | undefined): string[] {
  if (!body) return [];
  const data = /^data: ?(\{.*)$/m.exec(body)?.[1];
  const json = parseObject(data ?? body);
  if (json) return JSON.stringify(json, null, 2).split('\n');
  return /^\s*</.test(body) ? ['(a page)'] : body.split('\n');
}

/** Request and answer of an exchange as lines. */
export function exchangeLines({ request, response }: Exchange, bag: Bag): string[] {
  const name = namer(bag);
  const asked = requestAsLines({ ...request, headers: telling(request.headers) });
  if (!response) return asked.map(name);
  const { status, statusText, headers, body } = response;
  return [
    ...asked,
    `${status} ${statusText}`.trim(),
    ...telling(headers).flatMap(([header, value]) => addressLines(header, value)),
    ...bodyOf(body),
  ].map(name);
}

/** A redirect with one parameter a line. */
function addressLines(header: string, value: string): string[] {
  const [address = '', query] = value.split('?', 2);
  if (header !== 'location' || query === undefined) return [`${header}: ${value}`];
  return [`${header}: ${address}`, ...query.split('&').map((pair) => `? ${pair}`)];
}
