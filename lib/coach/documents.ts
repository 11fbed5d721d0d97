/** The documents that a client read, and the challenges that name them. */
import { type JsonObject, parseObject } from '#lib/exchange/read.ts';
import type { Document } from './entries.ts';
import type { Run } from './run.ts';
import { byTime, type Seen, scopesOf, textsOf } from './seen.ts';

/** Scopes of the last Bearer or DPoP challenge of an answer; null if it names none. */
export function challengeScopes(seen: Seen): readonly string[] | null {
  for (const { scheme, parameters } of seen.challenges)
    if (/^(?:bearer|dpop)$/i.test(scheme) && parameters.scope !== undefined) return scopesOf(parameters.scope);
  return null;
}

/** `resource_metadata` of the challenges of an answer. */
export function metadataAddress(seen: Seen): string | null {
  for (const { parameters } of seen.challenges)
    if (parameters.resource_metadata !== undefined) return parameters.resource_metadata;
  return null;
}

/** Resource metadata that was delivered. */
export function delivered(prm: readonly Seen[]): readonly { readonly seen: Seen; readonly document: JsonObject }[] {
  return prm.flatMap((seen) => {
    const { answer } = seen;
    return seen.status === 200 && seen.delivered && answer !== null ? [{ seen, document: answer }] : [];
  });
}

/** Authorization server metadata that was delivered. */
export function readable(documents: readonly Document[]): readonly (Document & { readonly document: JsonObject })[] {
  return documents.filter(
    (one): one is Document & { readonly document: JsonObject } => one.document !== null && one.seen.delivered,
  );
}

/** The metadata of an issuer that was read last before an exchange. */
export function metadataBefore(
  run: Run,
  seen: Seen,
  issuer: string,
): (Document & { readonly document: JsonObject }) | null {
  return (
    readable(run.documents).findLast(
      (one) => one.issuer === issuer && one.document !== null && byTime(one.seen, seen) < 0,
    ) ?? null
  );
}

/** Scopes that the authorization server lists, by the metadata that was read last. */
export function listedScopes(run: Run, seen: Seen, issuer: string): readonly string[] | null {
  return textsOf(metadataBefore(run, seen, issuer)?.document, 'scopes_supported');
}

/** The last 401 before an exchange. */
export function challengeBefore(run: Run, seen: Seen): Seen | null {
  return (
    run.calls.findLast((call) => call.seen.status === 401 && call.seen.delivered && byTime(call.seen, seen) < 0)
      ?.seen ?? null
  );
}

/** Resource metadata that was read last before an exchange. */
export function prmBefore(run: Run, seen: Seen): { readonly seen: Seen; readonly document: JsonObject } | null {
  return delivered(run.prm).findLast((one) => byTime(one.seen, seen) < 0) ?? null;
}

/** Client metadata documents that the sandbox fetched, without those that it altered on purpose. */
export function documentsFetched(run: Run): readonly {
  readonly seen: Seen;
  readonly index: number;
  readonly url: string;
  readonly status: number | null;
  readonly problem: string | null;
  readonly document: JsonObject | null;
}[] {
  const known = new Set<string>();
  return run.seen.flatMap((seen) =>
    (seen.exchange.fetched ?? []).flatMap(({ url, status, body, problem }, index) => {
      if (seen.param('client_id') !== url || known.has(`${url} ${body}`)) return [];
      // The document has not changed since it was read.
      if (status === 304) return [];
      if (seen.acted('knob', 'cimd.fetch') || seen.acted('knob', 'cimd.patch')) return [];
      known.add(`${url} ${body}`);
      return [{ seen, index, url, status, problem, document: status === 200 ? parseObject(body) : null }];
    }),
  );
}
