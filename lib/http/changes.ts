/** Entries of the ledger about what was done to a sandbox. */
import { elapsed } from '#lib/spec/timers.ts';
import type { Seed } from '#lib/config/seed.ts';
import type { Json } from '#lib/exchange/types.ts';
import type { NewChange } from '#lib/recorder/recorder.ts';
import { scrubDid } from '#lib/recorder/redact.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import type { Parts } from './parts.ts';

/** The moment, and what is in force from then on. */
export function inForce(parts: Parts, { record }: LiveSandbox): Omit<NewChange, 'by' | 'what' | 'did'> {
  return {
    kind: 'change',
    at: new Date(parts.wall()).toISOString(),
    monotonic: Math.round((performance.timeOrigin + elapsed()) * 1000) / 1000,
    config: record.configChange,
    scenario: record.scenario,
  };
}

/** What comes with a sandbox when it is made, or set up again. */
export interface SetUp {
  /** Connection details, as they are shown to the owner. */
  readonly clients?: readonly { readonly client_id: string; readonly client_secret?: string }[];
  readonly tokens?: readonly { readonly access_token: string }[];
}

/**
 * Notes the clients and tokens that a sandbox is set up with, as requests that make the same again: their secrets
 * belong to this sandbox, and another one would have others.
 * @param seed what they were made from, beside the configuration
 */
export function noteSetUp(parts: Parts, sandbox: LiveSandbox, setUp: SetUp, seed: Seed = {}): void {
  const seeds = [...(seed.clients ?? []), ...sandbox.config.clients];
  const note = (
    what: 'client' | 'grant',
    path: string,
    body: object,
    made?: Readonly<Record<string, string>>,
  ): void => {
    const did = scrubDid({ method: 'POST', path, body: body as Json, ...(made ? { made } : {}) });
    const change: NewChange = { ...inForce(parts, sandbox), by: 'control', what, did };
    parts.recorder.recordChange(sandbox.record.id, change, sandbox.record.epoch);
  };
  for (const { client_id, client_secret } of setUp.clients ?? []) {
    const from = seeds.find((client) => client.client_id === client_id);
    const isSeeded = seed.clients?.some((client) => client.client_id === client_id) === true;
    // A configured client without a secret comes with the configuration.
    if (from !== undefined && (isSeeded || client_secret !== undefined))
      note('client', '/clients', { ...from, ...(client_secret === undefined ? {} : { client_secret }) });
  }
  for (const [index, { access_token }] of (setUp.tokens ?? []).entries())
    note('grant', '/tokens', seed.tokens?.[index] ?? {}, { access_token });
}
