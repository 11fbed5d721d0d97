/**
 * What instances on one PostgreSQL tell each other: `notify` within the transaction that changes something, `listen`
 * on a connection of its own. News only say that there is something to read, so one that comes twice does no harm.
 */
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import type pg from 'pg';

/** The channel of all instances on one database. */
export const CHANNEL = 'authwalk';

/**
 * Hears of a topic, such as `exchanges SANDBOX`; null: news may have been missed, so everything is to be read again.
 */
export type NewsListener = (topic: string | null) => void;

export interface News {
  /** @returns what ends it */
  subscribe(listener: NewsListener): () => void;
  close(): Promise<void>;
}

/** The other processes of a start on one SQLite file, which has no `notify`. */
export interface Peers {
  /** Tells the others of a topic. */
  tell(topic: string): void;
  /** Hears what others tell. @returns what ends it */
  hear(listener: NewsListener): () => void;
}

/** ms between two tries to listen, and between two looks whether the connection is alive. */
const RETRY = 500;
const HEARTBEAT = 3000;

/** A process that is alone has nothing to hear. */
export const noNews: News = { subscribe: () => () => undefined, close: async () => undefined };

/**
 * Listens from the first subscription on, and goes on listening when the connection is lost.
 * @param connect makes a connection
 */
export function listenForNews(connect: () => pg.Client, onWarning?: (says: string) => void): News {
  const listeners = new Set<NewsListener>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const tell: NewsListener = (topic) => {
    for (const listener of listeners) listener(topic);
  };

  async function start(): Promise<void> {
    const mine = connect();
    client = mine;
    try {
      await mine.connect();
      mine.on('notification', ({ payload }) => tell(payload ?? null));
      await mine.query(`listen ${CHANNEL}`);
      // Between the last connection and this one anything can have happened.
      tell(null);
      for (;;) {
        await pause(HEARTBEAT);
        if (closed) return;
        await mine.query('select 1');
      }
    } catch (error) {
      if (closed) return;
      onWarning?.(`the connection that listens to other instances ended: ${String(error)}`);
      void mine.end().catch(() => undefined);
      await pause(RETRY);
      if (!closed) void start();
    }
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      timer.unref();
    });

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (client === undefined && !closed) void start();
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      listeners.clear();
      await client?.end().catch(() => undefined);
    },
  };
}
