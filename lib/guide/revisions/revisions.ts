/**
 * The earlier revisions of MCP: how a server of that time is set, and how a client of that time writes its requests.
 * What then comes back is the engine's own answer.
 */
import { parseObject } from '#lib/exchange/read.ts';
import { type Prepared, toJson } from '../prepare.ts';
import { endpointOf } from '../record.ts';
import type { StepRequest } from '../types.ts';

/** The revision that the tracks walk. */
export const WALKED = '2026-07-28';

export interface Revision {
  readonly id: string;
  /** Knobs of the sandbox, from the start. */
  readonly knobs: Readonly<Record<string, unknown>>;
  /** Knobs that are set when the step is reached: the way there needs what this revision did not have yet. */
  readonly late: Readonly<Record<string, unknown>>;
  /** Parameters and members that did not exist. */
  readonly without: readonly string[];
  /** Whether each MCP request after `initialize` names its revision in a header. */
  readonly inHeader: boolean;
  /** Endpoints that did not exist, under the names of the recorder: they are not asked. */
  readonly absent: readonly string[];
  /** Whether a client names its revision when it reads metadata. */
  readonly inMetadata: boolean;
}

export const EARLIER: readonly Revision[] = [
  {
    id: '2025-03-26',
    knobs: {
      'mcp.versions': ['2025-03-26'],
      'authorize.iss': 'omit',
      'cimd.support': false,
    },
    late: { 'prm.location': 'none', 'prm.inChallenge': false, 'resource.challengeScope': null },
    without: ['resource', 'application_type'],
    inHeader: false,
    absent: ['prm'],
    // https://modelcontextprotocol.io/specification/2025-03-26/basic/authorization#server-metadata-discovery-headers
    inMetadata: true,
  },
  {
    id: '2025-06-18',
    knobs: {
      'mcp.versions': ['2025-06-18'],
      'authorize.iss': 'omit',
      'cimd.support': false,
    },
    late: { 'resource.challengeScope': null },
    without: ['application_type'],
    inHeader: true,
    absent: [],
    inMetadata: false,
  },
  {
    id: '2025-11-25',
    knobs: { 'mcp.versions': ['2025-11-25'], 'authorize.iss': 'omit' },
    late: {},
    without: ['application_type'],
    inHeader: true,
    absent: [],
    inMetadata: false,
  },
];

/** Headers that say again what stands in the body; they came with the revision without sessions. */
const LATER_HEADERS: ReadonlySet<string> = new Set(['mcp-method', 'mcp-name']);

/** The JSON-RPC message of a request to an MCP server; null if it is none. */
export function rpcOf(request: Pick<StepRequest, 'to'>, body: string | null): Record<string, unknown> | null {
  const message = request.to === 'mcp' ? parseObject(body) : null;
  return message?.jsonrpc === '2.0' ? message : null;
}

/** A pair list without some names; the order stays. */
function withoutPairs(text: string, names: readonly string[]): string {
  const pairs = [...new URLSearchParams(text)].filter(([name]) => !names.includes(name));
  return new URLSearchParams(pairs).toString();
}

/** A request as a client of an earlier revision writes it. */
export function asWritten(revision: Revision, request: StepRequest, prepared: Prepared): Prepared {
  const message = rpcOf(request, prepared.body);
  if (message) return { ...prepared, headers: headersAt(revision, prepared), body: toJson(withoutMeta(message)) };
  const { without } = revision;
  if (revision.inMetadata && endpointOf(prepared.url) === 'as-metadata')
    return { ...prepared, headers: [...prepared.headers, ['MCP-Protocol-Version', revision.id]] };
  const [address = '', query] = prepared.url.split('?', 2);
  const rest = query === undefined ? '' : withoutPairs(query, without);
  const url = query === undefined || rest === query ? prepared.url : `${address}${rest === '' ? '' : `?${rest}`}`;
  const members = parseObject(prepared.body);
  if (members) {
    const kept = Object.entries(members).filter(([name]) => !without.includes(name));
    return { ...prepared, url, body: toJson(Object.fromEntries(kept)) };
  }
  return { ...prepared, url, body: prepared.body === null ? null : withoutPairs(prepared.body, without) };
}

function headersAt({ id, inHeader }: Revision, { headers }: Prepared): Prepared['headers'] {
  return headers.flatMap(([name, value]): (readonly [string, string])[] => {
    const lower = name.toLowerCase();
    if (LATER_HEADERS.has(lower)) return [];
    if (lower !== 'mcp-protocol-version') return [[name, value]];
    return inHeader ? [[name, id]] : [];
  });
}

/** Without what each request says of its client since there is no `initialize` any more. */
function withoutMeta(message: Record<string, unknown>): Record<string, unknown> {
  const { _meta, ...params } = (message.params ?? {}) as Record<string, unknown>;
  return { ...message, params };
}

/**
 * What a client of an earlier revision says first: the same request with another message. Which revision both speak is
 * not settled yet, so that no header names one.
 */
export function initializing({ id }: Revision, prepared: Prepared, clientName: string): Prepared {
  return {
    ...prepared,
    headers: prepared.headers.filter(([name]) => name.toLowerCase() !== 'mcp-protocol-version'),
    body: toJson({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: id, capabilities: {}, clientInfo: { name: clientName, version: '1.0.0' } },
    }),
  };
}

/** What it says when the server has answered that: the rest may begin. */
export const initialized = (prepared: Prepared): Prepared => ({
  ...prepared,
  body: toJson({ jsonrpc: '2.0', method: 'notifications/initialized' }),
});
