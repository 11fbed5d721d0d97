/** Ready-made faults: what real servers and networks do to clients, each one press away. */

export interface ReadyFault {
  readonly title: string;
  readonly says: string;
  readonly fault: Readonly<Record<string, unknown>>;
}

export const readyFaults: readonly ReadyFault[] = [
  {
    title: 'Lose the answer to the next refresh',
    says:
      'The server rotates, and the connection closes before its answer leaves. A client that sends the old ' +
      'token again ends its family, unless there is a grace period.',
    fault: { endpoint: 'token', match: { grant_type: 'refresh_token' }, effect: { drop: true, committed: true } },
  },
  {
    title: 'Hold two refreshes, and let the second through first',
    says:
      'A race, staged: two tabs or two processes refresh at the same moment, and the one that asked later ' +
      'wins. What does the loser do?',
    fault: {
      endpoint: 'token',
      match: { grant_type: 'refresh_token' },
      times: 2,
      effect: { hold: { until: 2, order: [2, 1] } },
    },
  },
  {
    title: 'Token endpoint busy, once',
    says: '503 with `Retry-After: 2`. A good client waits, and sends the same request again.',
    fault: {
      endpoint: 'token',
      effect: { status: 503, error: 'temporarily_unavailable', headers: { 'Retry-After': '2' } },
    },
  },
  {
    title: 'Token answer after 8 s',
    says: 'Processed at once, answered late. Does the client give up, and then redeem the code a second time?',
    fault: { endpoint: 'token', effect: { delay_ms: 8000 } },
  },
  {
    title: 'MCP server says 401 to the next call',
    says: 'Although the token is good. Does the client refresh once, and not for ever?',
    fault: {
      endpoint: 'mcp',
      match: { authenticated: true },
      effect: { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
    },
  },
  {
    title: 'Registration rate limited',
    says: '429 with `Retry-After: 3`.',
    fault: {
      endpoint: 'register',
      effect: { status: 429, error: 'rate_limit_exceeded', headers: { 'Retry-After': '3' } },
    },
  },
  {
    title: 'Metadata is a page',
    says: 'A proxy answers 200 with HTML where JSON should be.',
    fault: {
      endpoint: 'as-metadata',
      effect: { status: 200, content_type: 'text/html', body: '<!doctype html><title>Welcome</title>' },
    },
  },
  {
    title: 'Drop the next MCP call',
    says: 'The connection closes without an answer, and nothing was done.',
    fault: { endpoint: 'mcp', match: { rpc_method: 'tools/call' }, effect: { drop: true } },
  },
];

/** An effect, in words. */
export function effectWords(effect: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  if (effect.delay_ms !== undefined) parts.push(`after ${Number(effect.delay_ms) / 1000} s`);
  if (effect.status !== undefined) parts.push(String(effect.status));
  if (effect.error !== undefined) parts.push(`\`${String(effect.error)}\``);
  if (effect.body !== undefined && effect.error === undefined) parts.push('a body of its own');
  if (effect.headers !== undefined)
    parts.push(
      `with ${Object.keys(effect.headers as object)
        .map((name) => `\`${name}\``)
        .join(', ')}`,
    );
  if (effect.hold !== undefined) {
    const { until, order } = effect.hold as { until: number; order?: readonly number[] };
    parts.push(`held until ${until} have come${order ? `, then let through in the order ${order.join(', ')}` : ''}`);
  }
  if (effect.drop === true) parts.push('the connection closes');
  if (effect.committed === true) parts.push('yet the server has acted');
  return parts.join(', ');
}

/** Which of the requests that match: "the next", "the 2nd and 3rd". */
export function whichWords(nth: number, times: number | 'always'): string {
  if (times === 'always') return nth === 1 ? 'always' : `from the ${ordinal(nth)} on`;
  if (nth === 1) return times === 1 ? 'the next' : `the next ${times}`;
  return times === 1 ? `the ${ordinal(nth)}` : `${times} from the ${ordinal(nth)} on`;
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th');
  return `${n}${ending}`;
}
