/** The live stream of a sandbox's exchanges: resumable, without losing or doubling. */
import type { Exchange } from '#lib/exchange/types.ts';
import type { Recorder } from './recorder.ts';

/** Streams of one sandbox. */
export const MOST_STREAMS = 10;
/** ms between signs of life, and between looks for what another instance wrote. */
const HEARTBEAT = 15_000;
const LOOK_AGAIN = 700;
const PAGE = 100;

export interface StreamOptions {
  /** The last number that the reader has. */
  readonly after: number;
  readonly view: (exchange: Exchange) => Exchange;
}

/**
 * Server-sent events: `exchange` with the exchange, its number as id; `reset` where the sandbox was
 * reset or deleted.
 *
 * Everything is read from the store in the order of its numbers; what is heard live only says that
 * there is something to read. So nothing can come twice, out of order or not at all.
 */
export function eventStream(
  recorder: Recorder,
  sandboxId: string,
  { after, view }: StreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let last = after;
  let stop: () => void = () => undefined;
  let timers: NodeJS.Timeout[] = [];
  let busy = false;
  let again = false;

  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          end();
        }
      };
      const end = (): void => {
        stop();
        for (const timer of timers) clearInterval(timer);
        timers = [];
      };
      const read = async (): Promise<void> => {
        do {
          again = false;
          for (;;) {
            const exchanges: Exchange[] = await recorder.read(sandboxId, { after: last, limit: PAGE });
            for (const exchange of exchanges) {
              last = exchange.seq;
              send(`id: ${exchange.seq}\nevent: exchange\ndata: ${JSON.stringify(view(exchange))}\n\n`);
            }
            if (exchanges.length < PAGE) break;
          }
        } while (again);
      };
      const look = (): void => {
        again = true;
        if (busy) return;
        busy = true;
        read()
          .catch(() => {
            end();
            controller.error(new Error('the recorder cannot be read'));
          })
          .finally(() => {
            busy = false;
          });
      };
      stop = recorder.subscribe(sandboxId, (exchange) => {
        if (exchange === null) send('event: reset\ndata: {}\n\n');
        else look();
      });
      const every = (work: () => void, ms: number): void => {
        const timer = setInterval(work, ms);
        timer.unref();
        timers.push(timer);
      };
      every(() => send(': still here\n\n'), HEARTBEAT);
      if (!recorder.alone) every(look, LOOK_AGAIN);
      send('retry: 1000\n\n');
      void recorder.settle(sandboxId).then(look);
    },
    cancel() {
      stop();
      for (const timer of timers) clearInterval(timer);
    },
  });
}
