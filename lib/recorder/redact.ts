/**
 * Secrets in exchanges. Some are never kept ({@link scrub}): passwords, cookies, control tokens.
 * The others are kept for whoever holds the control token, and masked for everybody else
 * ({@link redact}); equal values get equal masks, so that a value can still be followed.
 */
import { createHash, createHmac } from 'node:crypto';
import { parametersOf } from '#lib/exchange/read.ts';
import type { Exchange, HttpMessage } from '#lib/exchange/types.ts';

/** Parameters and members that are never kept. */
const NEVER: ReadonlySet<string> = new Set(['control_token', 'password', 'auto_approve_password']);

/** Parameters and members that are masked. */
const SECRET: ReadonlySet<string> = new Set([
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'token',
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'actor_token',
  'device_code',
  'registration_access_token',
  'interaction',
]);

const NOT_KEPT = 'not-kept';

type Change = (name: string, value: string) => string | null;

/** Takes out what is never kept. @param controlTokenHash SHA-256 of the sandbox's control token, base64url */
export function scrub(exchange: Exchange, controlTokenHash: string | null): Exchange {
  const change: Change = (name, value) => (value !== '' && NEVER.has(name) ? NOT_KEPT : null);
  const header = (name: string, value: string): string => {
    if (name === 'cookie' || name === 'set-cookie') return value.replaceAll(/(authwalk=)[^;]*/g, `$1${NOT_KEPT}`);
    if (name === 'authorization' && controlTokenHash !== null) {
      const token = /^Bearer\s+(\S+)$/i.exec(value)?.[1];
      if (token !== undefined && createHash('sha256').update(token).digest('base64url') === controlTokenHash)
        return `Bearer ${NOT_KEPT}`;
    }
    return value;
  };
  return rewrite(exchange, change, header);
}

/**
 * Masks the secrets of an exchange.
 * @param salt secret of the sandbox: masks of one sandbox say nothing about values of another
 */
export function redact(exchange: Exchange, salt: string): Exchange {
  const names = new Set<string>();
  const masks = new Map<string, string>();
  const mask = (name: string, value: string): string => {
    names.add(name);
    const masked = `masked-${createHmac('sha256', salt).update(value).digest('hex').slice(0, 8)}`;
    if (value.length >= 16) masks.set(value, masked);
    return masked;
  };
  const change: Change = (name, value) =>
    SECRET.has(name) && value !== '' && value !== NOT_KEPT ? mask(name, value) : null;
  const header = (name: string, value: string): string => {
    if (name === 'authorization') {
      const match = /^(\S+)\s+(.+)$/.exec(value);
      if (match?.[1] && match[2] && match[2] !== NOT_KEPT) return `${match[1]} ${mask('authorization', match[2])}`;
    }
    if (name === 'mcp-session-id' || name === 'dpop') return mask(name, value);
    return value;
  };
  const named = rewrite(exchange, change, header);
  const again = (text: string): string => {
    let out = text;
    for (const [value, masked] of masks) out = out.replaceAll(value, masked);
    return out;
  };
  const message = <T extends HttpMessage>(part: T): T => ({
    ...part,
    headers: part.headers.map(([name, value]) => [name, again(value)] as const),
    body: part.body === null ? null : again(part.body),
  });
  const request = { ...message(named.request), url: again(named.request.url) };
  return {
    ...named,
    request,
    parameters: parametersOf({ request }),
    response: named.response && message(named.response),
    evidence:
      named.evidence === null ? null : (JSON.parse(again(JSON.stringify(named.evidence))) as Record<string, unknown>),
    between:
      masks.size === 0 ? named.between : (JSON.parse(again(JSON.stringify(named.between))) as Exchange['between']),
    redacted: [...names],
  };
}

function rewrite(exchange: Exchange, change: Change, header: (name: string, value: string) => string): Exchange {
  const message = <T extends HttpMessage>(part: T): T => {
    const type = part.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    return {
      ...part,
      headers: part.headers.map(([name, value]) => {
        const lower = name.toLowerCase();
        return [
          name,
          lower === 'location' || lower === 'referer' ? inUrl(value, change) : header(lower, value),
        ] as const;
      }),
      body: part.body === null || part.body === '' ? part.body : inBody(part.body, type, change),
    };
  };
  const request = { ...message(exchange.request), url: inUrl(exchange.request.url, change) };
  return {
    ...exchange,
    request,
    response: exchange.response && message(exchange.response),
    parameters: parametersOf({ request }),
  };
}

/** Changes parameters of the query and of the fragment, and leaves every other byte as it is. */
function inUrl(url: string, change: Change): string {
  const start = url.search(/[?#]/);
  return start < 0 ? url : url.slice(0, start + 1) + inPairs(url.slice(start + 1), change);
}

function inPairs(text: string, change: Change): string {
  return text.replaceAll(/([^&=?#]+)=([^&#]*)/g, (pair, name: string, value: string) => {
    const changed = change(decoded(name), decoded(value));
    return changed === null ? pair : `${name}=${encodeURIComponent(changed)}`;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function inBody(body: string, type: string, change: Change): string {
  if (type.includes('x-www-form-urlencoded')) return inPairs(body, change);
  if (type.includes('json')) {
    const out = body.replaceAll(
      /"([A-Za-z_]+)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g,
      (pair, name: string, colon: string, value: string) => {
        const changed = change(name, value);
        return changed === null ? pair : `"${name}"${colon}${JSON.stringify(changed)}`;
      },
    );
    return out;
  }
  return body.replaceAll(
    /([?&](?:amp;)?)([A-Za-z_]+)=([^&"'<>\s]+)/g,
    (pair, before: string, name: string, value: string) => {
      const changed = change(name, decoded(value));
      return changed === null ? pair : `${before}${name}=${encodeURIComponent(changed)}`;
    },
  );
}
