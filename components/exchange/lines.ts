import { entryOf } from '#lib/spec/own.ts';
import { claimNames } from '#lib/exchange/named.ts';
import { headerOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { jsonLines } from './json.ts';
import { targetOf } from './target.ts';
import { type Line, lineText, type Piece } from './view.ts';

/** Headers that a reader of this subject looks at; the rest are folded to one line. */
const telling = new Set([
  'host',
  'origin',
  'content-type',
  'accept',
  'authorization',
  'dpop',
  'dpop-nonce',
  'location',
  'www-authenticate',
  'allow',
  'retry-after',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
]);

type Message = Exchange['request'] | NonNullable<Exchange['response']>;

/** The request as lines: method and target, a parameter a line, headers, body. */
export function requestLines(request: Exchange['request']): Line[] {
  return withClaims(plainRequest(request));
}

function plainRequest(request: Exchange['request']): Line[] {
  const [path = '', query] = splitOnce(targetOf(request.url), '?');
  const version: Piece[] = [{ text: ' ' }, { text: versionOf(request.httpVersion), kind: 'quiet' }];
  const first: Piece[] = [{ text: request.method, kind: 'strong' }, { text: ' ' }, { text: path }];
  const names = [request.method, path, ...path.split('/')];
  if (query === undefined) return [{ indent: 0, names, pieces: [...first, ...version] }, ...rest(request)];
  const params = parameterLines(query, '?');
  const last = params.at(-1);
  if (last) params[params.length - 1] = { ...last, pieces: [...last.pieces, ...version] };
  return [{ indent: 0, names, pieces: first }, ...params, ...rest(request)];
}

/** The response as lines: status, headers, body. */
export function responseLines(response: NonNullable<Exchange['response']>, version = '1.1'): Line[] {
  const status: Line = {
    indent: 0,
    names: [String(response.status)],
    pieces: [
      { text: versionOf(version), kind: 'quiet' },
      { text: ' ' },
      { text: `${response.status} ${response.statusText}`.trim(), kind: 'strong' },
    ],
  };
  return withClaims([status, ...rest(response)]);
}

function withClaims(lines: Line[]): Line[] {
  return lines.map((line) => {
    const claims = claimNames(lineText(line));
    return claims.length > 0 ? { ...line, claims } : line;
  });
}

function rest(message: Message): Line[] {
  const headers = message.headers.flatMap(([name, value]) =>
    headerLines(
      name,
      value,
      !telling.has(name.toLowerCase()) && !('status' in message && name.toLowerCase() === 'cache-control'),
    ),
  );
  const shown = headers.filter((line) => !line.folded);
  const folded = headers.filter((line) => line.folded);
  const body = bodyLines(message);
  const [first, ...more] = body;
  return [...shown, ...folded, ...(first ? [{ ...first, gap: true }, ...more] : [])];
}

function headerLines(name: string, value: string, folded: boolean): Line[] {
  const lower = name.toLowerCase();
  const key: Piece[] = [{ text: `${canonical(name)}:`, kind: 'key' }, { text: ' ' }];
  const names = [canonical(name), name, lower, value];
  if (lower === 'location') {
    const [address = '', query] = splitOnce(value, '?');
    const line: Line = { indent: 0, names, pieces: [...key, { text: address }] };
    return query === undefined ? [line] : [line, ...parameterLines(query, '?')];
  }
  if (lower === 'www-authenticate') return challengeLines(key, names, value);
  // What a browser accepts when it navigates is long, and says nothing here.
  const noise = lower === 'accept' && value.length > 60;
  return [{ indent: 0, names, folded: folded || noise, pieces: [...key, { text: value }] }];
}

function challengeLines(key: Piece[], names: string[], value: string): Line[] {
  const [scheme = '', params] = splitOnce(value, ' ');
  const first: Line = { indent: 0, names: [...names, scheme], pieces: [...key, { text: scheme }] };
  const parts = params?.match(/[\w-]+=(?:"[^"]*"|[^\s,]+),?/g) ?? [];
  return [
    first,
    ...parts.map((part): Line => {
      const [name = '', quoted = ''] = splitOnce(part, '=');
      return {
        indent: 2,
        names: [name, quoted.replace(/[",]/g, '')],
        pieces: [{ text: `${name}=`, kind: 'key' }, { text: quoted }],
      };
    }),
  ];
}

function parameterLines(query: string, lead: '?' | ''): Line[] {
  return query.split('&').map((pair, index): Line => {
    const [name = '', value] = splitOnce(pair, '=');
    const mark = index === 0 ? lead : '&';
    return {
      indent: index === 0 && lead === '' ? 0 : 2,
      names: [decode(name), ...(value === undefined ? [] : [decode(value)])],
      pieces: [
        ...(mark ? [{ text: mark, kind: 'quiet' as const }] : []),
        { text: value === undefined ? name : `${name}=`, kind: 'key' },
        ...(value === undefined ? [] : [{ text: value, encoded: true }]),
      ],
    };
  });
}

function bodyLines(message: Message): Line[] {
  const body = message.body;
  if (body === null || body === '') return [];
  const type = headerOf(message, 'content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return parameterLines(body, '');
  const lines = jsonLines(body) ?? (type.startsWith('text/event-stream') ? eventLines(body) : textLines(body, type));
  return message.truncatedFrom === undefined
    ? lines
    : [
        ...lines,
        { indent: 0, names: [], pieces: [{ text: `… of ${message.truncatedFrom} bytes in all`, kind: 'quiet' }] },
      ];
}

function eventLines(body: string): Line[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .flatMap((line): Line[] => {
      const [name = '', value = ''] = splitOnce(line, ':');
      const json = name === 'data' ? jsonLines(value.trim()) : undefined;
      const key: Piece = { text: `${name}:`, kind: 'key' };
      if (!json) return [{ indent: 0, names: [name, value.trim()], pieces: [key, { text: value }] }];
      return [
        { indent: 0, names: [name], pieces: [key] },
        ...json.map((inner) => ({ ...inner, indent: inner.indent + 2 })),
      ];
    });
}

function textLines(body: string, type: string): Line[] {
  const all = body.split(/\r?\n/);
  const most = type.startsWith('text/html') ? 4 : 40;
  const lines = all
    .slice(0, most)
    .map((line): Line => ({ indent: 0, names: [], pieces: [{ text: line.slice(0, 240) }] }));
  if (all.length <= most) return lines;
  return [
    ...lines,
    {
      indent: 0,
      names: [],
      pieces: [
        {
          text: type.startsWith('text/html') ? '… a page for people' : `… ${all.length - most} lines more`,
          kind: 'quiet',
        },
      ],
    },
  ];
}

const versionOf = (version: string) => `HTTP/${version}`;

/** `content-type` as it is printed in specifications: `Content-Type`. */
function canonical(name: string): string {
  if (name !== name.toLowerCase()) return name;
  const special: Record<string, string> = {
    'www-authenticate': 'WWW-Authenticate',
    'mcp-protocol-version': 'MCP-Protocol-Version',
    dpop: 'DPoP',
    'dpop-nonce': 'DPoP-Nonce',
    etag: 'ETag',
    'sec-ch-ua': 'Sec-CH-UA',
  };
  return (
    entryOf(special, name) ??
    name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
  );
}

function splitOnce(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}

/** Form decoding that leaves as it is what cannot be decoded. */
function decode(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return raw;
  }
}
