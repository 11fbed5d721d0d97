/**
 * What is refused of a fault although each part of it is well formed: a match that can never match, and effects of
 * which one would not act.
 */
import type { FaultableEndpoint } from '#lib/spec/endpoints.ts';

/** One thing that is wrong, and where. */
export interface FaultProblem {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

type Value =
  | string
  | number
  | boolean
  | { readonly matches: string }
  | { readonly otherThan: string }
  | { readonly absent: true };
interface Match {
  readonly [name: string]: unknown;
  readonly location?: string | undefined;
  readonly method?: string | undefined;
  readonly rpc_method?: Value | undefined;
  readonly parameters?: Readonly<Record<string, Value>> | undefined;
  readonly headers?: Readonly<Record<string, Value>> | undefined;
}

/** Methods of the endpoints: a request by another one is 405 before any fault is looked for. HEAD goes with GET. */
export const FAULT_METHODS: Readonly<Record<FaultableEndpoint, readonly string[]>> = {
  prm: ['GET'],
  'as-metadata': ['GET'],
  jwks: ['GET'],
  register: ['POST'],
  registration: ['GET', 'PUT', 'DELETE'],
  authorize: ['GET', 'POST'],
  consent: ['POST'],
  par: ['POST'],
  token: ['POST'],
  introspect: ['POST'],
  revoke: ['POST'],
  device: ['POST'],
  userinfo: ['GET', 'POST'],
  logout: ['GET', 'POST'],
  mcp: ['GET', 'POST', 'DELETE'],
  bearer: ['GET', 'POST', 'DELETE'],
  'no-auth': ['GET', 'POST', 'DELETE'],
  resource: ['GET'],
  'admin-resource': ['DELETE'],
};

const LOCATIONS: Partial<Record<FaultableEndpoint, readonly string[]>> = {
  prm: ['path', 'custom', 'root'],
  'as-metadata': ['oauth-inserted', 'oauth-appended', 'oidc-inserted', 'oidc-appended'],
};
const WITH_RPC: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth']);
/** Documents that anybody may fetch: their requests name no client. */
const NO_CLIENT: ReadonlySet<string> = new Set(['prm', 'as-metadata', 'jwks']);
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const KNOWN: ReadonlySet<string> = new Set([
  'grant_type',
  'rpc_method',
  'tool',
  'authenticated',
  'location',
  'method',
  'parameters',
  'headers',
]);

/** Why the match of a fault can never match; empty if it can. */
export function neverMatches(fault: {
  readonly endpoint: FaultableEndpoint;
  readonly match?: Match | undefined;
  readonly client_id?: string | undefined;
}): FaultProblem[] {
  const { endpoint, match = {}, client_id } = fault;
  const problems: FaultProblem[] = [];
  const never = (name: string, says: string): void => {
    problems.push({ path: ['match', name], says: `${says}, so this can never match` });
  };
  if (client_id !== undefined && NO_CLIENT.has(endpoint))
    problems.push({ path: ['client_id'], says: `requests to ${endpoint} name no client, so this can never match` });
  if (given(match.grant_type) && endpoint !== 'token') never('grant_type', 'only requests to token have a grant_type');
  for (const name of ['rpc_method', 'tool'])
    if (given(match[name]) && !WITH_RPC.has(endpoint)) never(name, `requests to ${endpoint} are no JSON-RPC`);
  if (given(match.tool) && typeof match.rpc_method === 'string' && match.rpc_method !== 'tools/call')
    never('tool', 'only tools/call names a tool');
  if (match.location !== undefined && LOCATIONS[endpoint]?.includes(match.location) !== true)
    never('location', `${endpoint} has ${LOCATIONS[endpoint]?.join(', ') ?? 'one address'}`);
  if (match.method !== undefined && !takes(endpoint, match.method))
    never('method', `${endpoint} takes ${FAULT_METHODS[endpoint].join(' and ')}`);
  for (const name of Object.keys(match.headers ?? {}))
    if (!HEADER_NAME.test(name)) problems.push({ path: ['match', 'headers', name], says: 'not a header name' });
  problems.push(...badPatterns(match));
  return problems;
}

/** Whether a match asks for a value to be there. */
const given = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'object' && value && ('absent' in value || 'otherThan' in value));

const takes = (endpoint: FaultableEndpoint, method: string): boolean =>
  FAULT_METHODS[endpoint].includes(method === 'HEAD' ? 'GET' : method);

function badPatterns(match: Match): FaultProblem[] {
  const named: [readonly string[], unknown][] = [
    ...Object.entries(match)
      .filter(([name]) => name !== 'parameters' && name !== 'headers')
      .map(([name, value]): [readonly string[], unknown] => [['match', name], value]),
    ...(['parameters', 'headers'] as const).flatMap((kind) =>
      Object.entries(match[kind] ?? {}).map(([name, value]): [readonly string[], unknown] => [
        ['match', kind, name],
        value,
      ]),
    ),
  ];
  return named.flatMap(([path, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    const pattern = 'matches' in value ? value.matches : 'otherThan' in value ? value.otherThan : null;
    const says = pattern === null ? null : patternProblem(String(pattern));
    return says === null ? [] : [{ path, says }];
  });
}

/** Look-around and references to groups: what no engine can match in linear time. */
const NOT_LINEAR = /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</;

/** What is wrong with a pattern; null if nothing is. It is only read here, never run: another engine runs it. */
function patternProblem(pattern: string): string | null {
  if (NOT_LINEAR.test(pattern)) return 'a pattern has no look-around and no references to groups, as in RE2';
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    return `not a regular expression: ${error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'}`;
  }
}

/** Whether a name of a match is one with a meaning of its own, and not that of a parameter or a header. */
export const isMatchName = (name: string): boolean => KNOWN.has(name);

interface Effects {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly content_type?: string | undefined;
  readonly error?: string | undefined;
  readonly delay_ms?: number | undefined;
  readonly hang_ms?: number | undefined;
  readonly drop?: boolean | undefined;
  readonly committed?: boolean | undefined;
  readonly hold?: { readonly until: number; readonly order?: readonly number[] | undefined } | undefined;
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Which parts of an effect would not act; empty if all do. */
export function contradictions(effect: Effects): FaultProblem[] {
  const problems: FaultProblem[] = [];
  const no = (name: string, says: string): void => {
    problems.push({ path: ['effect', name], says });
  };
  const has = (name: keyof Effects): boolean => effect[name] !== undefined && effect[name] !== false;
  if (!Object.keys(effect).some((name) => name !== 'committed' && has(name as keyof Effects)))
    problems.push({
      path: ['effect'],
      says: 'an effect that does something: status, headers, body, error, delay_ms, hang_ms, drop or hold',
    });
  if (has('drop'))
    for (const name of ['status', 'headers', 'body', 'content_type', 'error', 'hang_ms'] as const)
      if (has(name)) no(name, 'drop sends no answer, so this would not act');
  if (has('body') && has('error')) no('error', 'body is sent as it stands, so this would not act');
  if (effect.status !== undefined && BODILESS.has(effect.status))
    for (const name of ['body', 'content_type', 'error', 'hang_ms'] as const)
      if (has(name)) no(name, `an answer with status ${effect.status} has no body, so this would not act`);
  if (has('content_type') && !has('body') && !has('error') && !has('hang_ms'))
    no('content_type', 'there is no body that it could be the type of; set body, error or hang_ms');
  if (
    has('committed') &&
    !['status', 'body', 'error', 'drop', 'content_type'].some((name) => has(name as keyof Effects))
  )
    no('committed', 'the request is processed anyway, unless its answer is replaced');
  if (effect.hold?.order?.some((place) => place > effect.hold!.until))
    no('hold', 'order names a place that is beyond until');
  if (effect.hold?.order !== undefined && new Set(effect.hold.order).size < effect.hold.order.length)
    no('hold', 'order names a place twice');
  return problems;
}
