/** An answer that stays open: what it holds is sent at once, and the end comes late. */
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import { enter } from './waiting.ts';

/**
 * The body, and after it nothing for a while.
 * @param ms real time between the last byte and the end
 * @throws OAuthError 429 if as many answers of the sandbox wait as may be
 */
export function keepOpen(
  body: string | ReadableStream<Uint8Array>,
  ms: number,
  sandboxId: string,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const leave = enter(sandboxId);
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(timer);
    leave();
  };
  signal?.addEventListener('abort', end, { once: true });
  const source = typeof body === 'string' ? new Blob([body]).stream() : body;
  const reader = source.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) {
        controller.enqueue(value);
        return;
      }
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
        timer.unref();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
      end();
      controller.close();
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
