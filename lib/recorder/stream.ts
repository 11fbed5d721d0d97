/** The live stream of a sandbox's exchanges: resumable, without losing or doubling. */
import { clearInterval, setInterval } from '#lib/spec/timers.ts';
import { isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import type { Recorder } from './recorder.ts';

/** Streams of one sandbox. */
export const MOST_STREAMS = 10;
/** ms between signs of life. */
const HEARTBEAT = 15_000;
/** Exchanges that are read from the store at a time. */
const PAGE = 20;
/** Bytes that wait for a reader; nothing more is read from the store until it has taken them. */
const BUFFER = 262_144;

export interface StreamOptions {
  /** The last number that the reader has. */
  readonly after: number;
  readonly view: (entry: LedgerEntry) => LedgerEntry;
  /** Whether changes of the sandbox are sent too. */
  readonly changes: boolean;
  /** Ends the stream: the server stops. The reader comes back and goes on after its last number. */
  readonly signal?: AbortSignal;
}

/**
 * Server-sent events: `exchange` with the exchange, `change` with the change, the number as id; `reset` if the sandbox
 * was reset or deleted.
 *
 * Everything is read from the store in the order of its numbers; what is heard live only says that there is
 * something to read. So nothing can come twice, out of order or not at all, and a reader that does not keep up
 * costs no memory: what it has not asked for stays in the store.
 */
export function eventStream(
  recorder: Recorder,
  sandboxId: string,
  { after, view, changes, signal }: StreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let last = after;
  let timers: NodeJS.Timeout[] = [];
  let unsubscribe: () => void = () => undefined;
  let busy = false;
  let again = true;
  let wasReset = false;
  let look: () => void = () => undefined;

  const end = (): void => {
    unsubscribe();
    for (const timer of timers) clearInterval(timer);
    timers = [];
    look = () => undefined;
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const hasRoom = (): boolean => (controller.desiredSize ?? 0) > 0;
        const send = (text: string): void => controller.enqueue(encoder.encode(text));
        /** Reads on while there is something to read and somebody takes it. */
        const read = async (): Promise<void> => {
          while (again && hasRoom()) {
            again = false;
            if (wasReset) send('event: reset\ndata: {}\n\n');
            wasReset = false;
            const entries = await recorder.read(sandboxId, { after: last, limit: PAGE });
            if (entries.length === PAGE) again = true;
            for (const entry of entries) {
              if (!hasRoom()) {
                again = true;
                break;
              }
              last = entry.seq;
              const event = isChange(entry) ? 'change' : 'exchange';
              if (event === 'change' && !changes) continue;
              send(`id: ${entry.seq}\nevent: ${event}\ndata: ${JSON.stringify(view(entry))}\n\n`);
            }
          }
        };
        look = () => {
          if (busy) return;
          busy = true;
          read()
            .catch(() => {
              end();
              controller.error(new Error('the recorder cannot be read'));
            })
            .finally(() => {
              busy = false;
              if (again && hasRoom()) look();
            });
        };
        const news = (): void => {
          again = true;
          look();
        };
        const every = (work: () => void, ms: number): void => {
          const timer = setInterval(work, ms);
          timer.unref();
          timers.push(timer);
        };
        const stopped = (): void => {
          end();
          controller.close();
        };
        const unheard = recorder.subscribe(sandboxId, (told) => {
          if (told === 'reset') wasReset = true;
          news();
        });
        signal?.addEventListener('abort', stopped, { once: true });
        unsubscribe = () => {
          unheard();
          signal?.removeEventListener('abort', stopped);
        };
        every(() => {
          if (hasRoom()) send(': still here\n\n');
        }, HEARTBEAT);
        send('retry: 1000\n\n');
        void recorder.settle(sandboxId).then(() => look());
        if (signal?.aborted) stopped();
      },
      pull() {
        if (again) look();
      },
      cancel() {
        end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER }),
  );
}
