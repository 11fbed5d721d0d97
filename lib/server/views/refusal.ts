/** The first exchange of the first page: a tool is asked for without a token, and refused. Really. */
import { makeExchange } from '#lib/exchange/make.ts';
import { tokenChallengeOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { toCurl } from '#lib/exchange/write/curl.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface Refusal {
  readonly exchange: Exchange;
  /** Values of the challenge, by name. */
  readonly metadata: string | null;
  readonly scope: string | null;
  /** The same request, to paste into a shell. */
  readonly curl: string;
}

const body = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'notes_list',
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

/**
 * Asks the MCP server of this origin for a tool, through the same route table as any client's request.
 * @param host the `Host` of the page's own request
 */
export async function askWithoutToken(host: string | null): Promise<Refusal> {
  const container = await getContainer();
  const origin = originOf(container, host);
  const url = `${origin}/mcp`;
  const headers: [string, string][] = [
    ['Host', new URL(origin).host],
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
    ['MCP-Protocol-Version', '2026-07-28'],
    ['Mcp-Method', 'tools/call'],
    ['Mcp-Name', 'notes_list'],
  ];
  const text = JSON.stringify(body);
  const at = Date.now();
  const started = performance.now();
  const response = await container.app.fetch(new Request(url, { method: 'POST', headers, body: text }), {});
  const answered = await response.text();
  const exchange = makeExchange({
    seq: 1,
    at,
    duration: performance.now() - started,
    from: 'client',
    to: 'mcp',
    endpoint: 'mcp',
    request: { method: 'POST', url, headers, body: text },
    response: {
      status: response.status,
      headers: [...response.headers].filter(([name]) => shown.has(name)),
      body: answered === '' ? null : answered,
    },
    client: { name: 'Authwalk' },
  });
  const challenge = tokenChallengeOf(exchange)?.parameters;
  return {
    metadata: challenge?.resource_metadata ?? null,
    scope: challenge?.scope ?? null,
    curl: toCurl(exchange.request),
    exchange,
  };
}

/** Address of the MCP server behind OAuth, as the reader sees it. @param host the `Host` of the page's own request */
export async function serverAddress(host: string | null): Promise<string> {
  return `${originOf(await getContainer(), host)}/mcp`;
}

/** Headers of the answer that belong to the lesson. */
const shown = new Set(['www-authenticate', 'content-type', 'cache-control', 'content-length']);
