/** Which revision of MCP a client speaks: by what it says in its MCP requests. */
import { headerOf, rpcOf } from '#lib/exchange/read.ts';
import type { Seen } from './seen.ts';
import type { Rule } from './rule.ts';
import type { Level, RevisionInfo } from './types.ts';

const REVISION = /^\d{4}-\d{2}-\d{2}$/;

function said(seen: Seen): RevisionInfo | null {
  const header = headerOf(seen.exchange.request, 'mcp-protocol-version');
  if (header !== null && REVISION.test(header)) return { value: header, by: 'header' };
  const rpc = rpcOf(seen.exchange);
  const meta = rpc?.params._meta;
  const inMeta =
    typeof meta === 'object' && meta !== null
      ? (meta as Record<string, unknown>)['io.modelcontextprotocol/protocolVersion']
      : undefined;
  if (typeof inMeta === 'string' && REVISION.test(inMeta)) return { value: inMeta, by: '_meta' };
  const asked = rpc?.method === 'initialize' ? rpc.params.protocolVersion : undefined;
  return typeof asked === 'string' && REVISION.test(asked) ? { value: asked, by: 'initialize' } : null;
}

/** What an `initialize` was answered with: the revision that both sides then speak. */
function agreed(seen: Seen): string | null {
  if (seen.exchange.rpcMethod !== 'initialize') return null;
  const result = seen.answer?.result;
  const version =
    typeof result === 'object' && result !== null ? (result as Record<string, unknown>).protocolVersion : null;
  return typeof version === 'string' && REVISION.test(version) ? version : null;
}

/**
 * The revision of a run: the highest of an accepted request; before any was accepted, that of the first request.
 * @param calls the MCP requests of the run, in order of time
 */
export function revisionOfRun(calls: readonly Seen[]): RevisionInfo {
  let highest: RevisionInfo | null = null;
  let first: RevisionInfo | null = null;
  for (const seen of calls) {
    const one = said(seen);
    if (one === null) continue;
    first ??= one;
    if (seen.status < 200 || seen.status >= 300) continue;
    const value = agreed(seen) ?? one.value;
    if (highest !== null && value! <= highest.value!) continue;
    const error = seen.answer?.error;
    if (error === undefined || error === null) highest = { value, by: one.by };
  }
  return highest ?? first ?? { value: null, by: null };
}

/** How much a rule demands of a client of this kind, or why it does not apply. */
export function inForce(
  rule: Pick<Rule, 'level' | 'from' | 'until' | 'earlier'>,
  client: { readonly mcp: boolean; readonly revision: string | null },
): { readonly level: Level } | { readonly level: null; readonly code: 'other-revision' | 'other-kind' } {
  if (rule.from === 'oauth') return { level: rule.level };
  const milder = rule.earlier === 'warn' ? ({ level: 'SHOULD' } as const) : null;
  if (!client.mcp && client.revision === null) return milder ?? { level: null, code: 'other-kind' };
  const { revision } = client;
  if (revision === null || revision === 'oauth')
    return milder ?? { level: null, code: revision === 'oauth' ? 'other-kind' : 'other-revision' };
  if (rule.until !== null && revision > rule.until) return { level: null, code: 'other-revision' };
  if (revision < rule.from) return milder ?? { level: null, code: 'other-revision' };
  return { level: rule.level };
}
