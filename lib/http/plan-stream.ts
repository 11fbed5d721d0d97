/** A plan, live: what it is now, and again whenever it has changed. */
import { clearTimeout, elapsed, setTimeout } from '#lib/spec/timers.ts';

/** Streams of one plan. */
const MOST_STREAMS = 10;
/** ms between looks at the plan, and between signs of life. */
const LOOK_AGAIN = 500;
const HEARTBEAT = 15_000;

const open = new Map<string, number>();

/**
 * Server-sent events: `plan`, with the plan as JSON. Ends when the plan is no more.
 * @param read the plan as it is now; throws when there is none
 * @returns null if as many streams of the plan are open as may be
 */
export function planStream(id: string, read: () => Promise<unknown>): ReadableStream<Uint8Array> | null {
  const present = open.get(id) ?? 0;
  if (present >= MOST_STREAMS) return null;
  open.set(id, present + 1);
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  let quietSince = elapsed();
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    const left = (open.get(id) ?? 1) - 1;
    if (left > 0) open.set(id, left);
    else open.delete(id);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const look = async (): Promise<void> => {
        try {
          const text = JSON.stringify(await read());
          if (ended) return;
          const isNews = text !== last;
          // A reader that takes nothing gets nothing: the next look brings what is true then.
          const hasRoom = (controller.desiredSize ?? 0) > 0;
          if (hasRoom && (isNews || elapsed() - quietSince > HEARTBEAT)) {
            controller.enqueue(encoder.encode(isNews ? `event: plan\ndata: ${text}\n\n` : ': still here\n\n'));
            last = text;
            quietSince = elapsed();
          }
          timer = setTimeout(() => void look(), LOOK_AGAIN);
          timer.unref();
        } catch {
          if (!ended) controller.close();
          end();
        }
      };
      void look();
    },
    cancel: end,
  });
}
