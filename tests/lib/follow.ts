/** A reader of a sandbox's stream that comes back after each break, and goes on after the last number it has. */
import { createEventReader } from '#lib/client/events.ts';
import type { Exchange } from '#lib/exchange/types.ts';

export interface Follower {
  /** What has come, in order of its coming. */
  readonly exchanges: readonly Exchange[];
  /** How often the stream was opened. */
  readonly opened: number;
  stop(): Promise<void>;
}

/**
 * @param url of the stream
 * @param headers with the control token
 */
export function follow(url: string, headers: Record<string, string>): Follower {
  const exchanges: Exchange[] = [];
  const ending = new AbortController();
  let opened = 0;
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        const last = exchanges.at(-1)?.seq;
        const response = await fetch(url, {
          headers: { ...headers, 'last-event-id': String(last ?? 0) },
          signal: ending.signal,
        });
        if (response.status !== 200) throw new Error(`The stream answered ${response.status}.`);
        opened += 1;
        const events = createEventReader();
        const decoder = new TextDecoder();
        for await (const chunk of response.body!)
          for (const { event, data } of events.push(decoder.decode(chunk, { stream: true })))
            if (event === 'exchange') exchanges.push(JSON.parse(data) as Exchange);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const running = run();
  return {
    exchanges,
    get opened() {
      return opened;
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
