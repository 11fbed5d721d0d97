/** What other instances on the same database tell of themselves, a few seconds late. */
import { z } from 'zod';
import { hmac } from '#lib/oauth/hash.ts';
import { addressKey } from '#lib/oauth/requester.ts';
import type { ProcessRecord } from '#lib/store/store.ts';
import type { BusySandbox } from './busy.ts';
import type { ShortFigures } from './figures.ts';

/** The latest events that a process tells other instances of. */
const TOLD = 40;

export interface Elsewhere {
  /** How many other instances share the database. */
  readonly instances: number;
  /** What each of their processes tells. */
  readonly figures: readonly ShortFigures[];
}

export const NOWHERE_ELSE: Elsewhere = { instances: 0, figures: [] };

const count = z.number().nonnegative();

const shortFigures = z.object({
  minute: z.object({ counts: z.array(count), unsaved: z.object({ requests: count, refused: count }) }),
  tail: z.array(z.object({ seq: count, at: z.string(), says: z.string(), sandbox: z.string().nullable() })),
  streams: count,
  memory: count,
  busy: z.array(z.object({ id: z.string(), requests: count, address: z.string().nullable() })),
});

/**
 * Whether two addresses are the same can be told by their hashes, and no address lies in the database.
 * @param secret of `default`: all instances have the same
 */
export const withHashedAddresses = (busy: readonly BusySandbox[], secret: string): BusySandbox[] =>
  busy.map(({ address, ...one }) => ({
    ...one,
    address: address === null ? null : hmac(secret, `busy ${addressKey(address)}`),
  }));

/** What a process tells other instances. @param secret of `default` */
export const toldElsewhere = (figures: ShortFigures, secret: string): ShortFigures => ({
  ...figures,
  tail: figures.tail.slice(0, TOLD),
  busy: withHashedAddresses(figures.busy, secret),
});

/**
 * What the processes tell that do not belong to this instance.
 * @param instance names this start
 */
export function elsewhereOf(processes: readonly ProcessRecord[], instance: string): Elsewhere {
  const others = processes.filter((one) => one.instance !== instance);
  return {
    instances: new Set(others.map((one) => one.instance)).size,
    // One of another version may tell other things.
    figures: others.flatMap(({ figures }) => shortFigures.safeParse(figures).data ?? []),
  };
}
