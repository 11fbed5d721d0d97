/** The other processes of a start, as one of its workers sees them. The first process hands everything on. */
import { randomUUID } from 'node:crypto';
import { type Figures, StartSilentError } from '#lib/http/figures.ts';
import type { LimitState, Take } from '#lib/http/limits.ts';
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import type { NewsListener, Peers } from '#lib/store/news.ts';

/** What workers and the first process send each other. */
export type Message =
  | { readonly authwalk: 'topics'; readonly topics: readonly string[] }
  | { readonly authwalk: 'take'; readonly id: string; readonly take: Take }
  | { readonly authwalk: 'gather'; readonly id: string }
  | { readonly authwalk: 'figures'; readonly id: string; readonly figures: Figures }
  | { readonly authwalk: 'answer'; readonly id: string; readonly value: unknown };

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'authwalk' in value;
}

/** ms for which topics are collected, so that a busy worker does not send one message for each request. */
const COLLECT = 3;
/** ms that an answer of the first process may take. */
const PATIENCE = 5_000;

/** The variable by which the first process names a start to its workers. */
export const START = 'AUTHWALK_START';

/** What a worker is to its start. */
export interface Worker extends Peers {
  /** Names the start: all workers of one have the same. */
  readonly start: string;
  /** Takes from a rate limit that the first process counts for all. @throws StartSilentError */
  take(take: Take): Promise<LimitState>;
  /** The figures of all other workers; of one that does not answer they are missing. @throws StartSilentError */
  gather(): Promise<readonly Figures[]>;
  /** Says what this worker answers if another one gathers. */
  tellFigures(own: () => Promise<Figures>): void;
}

/**
 * Connects this process, which the first process of a start has made.
 * @param patience ms that an answer of the first process may take
 */
export function connectWorker(channel: Pick<NodeJS.Process, 'on' | 'send'> = process, patience = PATIENCE): Worker {
  const listeners = new Set<NewsListener>();
  const asked = new Map<string, (value: unknown) => void>();
  let own: (() => Promise<Figures>) | null = null;
  let topics = new Set<string>();
  let collecting = false;

  // A message that cannot be sent any more has nobody to reach: without the first process this one ends too.
  const send = (message: Message): void => void channel.send?.(message, undefined, undefined, () => undefined);

  const flush = (): void => {
    collecting = false;
    send({ authwalk: 'topics', topics: [...topics] });
    topics = new Set();
  };

  async function answerWithFigures(id: string): Promise<void> {
    if (own !== null) send({ authwalk: 'figures', id, figures: await own() });
  }

  function ask<T>(message: Extract<Message, { authwalk: 'take' | 'gather' }>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        asked.delete(message.id);
        reject(new StartSilentError());
      }, patience);
      asked.set(message.id, (value) => {
        clearTimeout(timer);
        resolve(value as T);
      });
      send(message);
    });
  }

  channel.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.authwalk === 'topics') for (const topic of message.topics) for (const hear of listeners) hear(topic);
    if (message.authwalk === 'gather') void answerWithFigures(message.id).catch(() => undefined);
    if (message.authwalk === 'answer') {
      asked.get(message.id)?.(message.value);
      asked.delete(message.id);
    }
  });

  return {
    start: process.env[START] ?? randomUUID(),
    tell(topic) {
      topics.add(topic);
      if (!collecting) setTimeout(flush, COLLECT);
      collecting = true;
    },
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take: (take) => ask({ authwalk: 'take', id: randomUUID(), take }),
    gather: () => ask({ authwalk: 'gather', id: randomUUID() }),
    tellFigures(figures) {
      own = figures;
    },
  };
}
