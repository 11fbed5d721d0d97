/** Server-sent events read from a `fetch`, because an `EventSource` cannot send a token. */
import { createParser } from 'eventsource-parser';

export interface ServerEvent {
  readonly id: string | null;
  /** `message` if the server names none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a stream of text into events. Feed it pieces as they arrive.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventReader(): { push(text: string): ServerEvent[] } {
  let events: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id: id ?? null, event: event ?? 'message', data }),
  });
  return {
    push(text) {
      events = [];
      parser.feed(text);
      return events;
    },
  };
}

/**
 * The events of an answer, as they arrive.
 * @param onLife called for each piece, comments included: a sign that the connection is alive
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onLife: () => void = () => undefined,
): AsyncGenerator<ServerEvent> {
  const events = createEventReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onLife();
    yield* events.push(decoder.decode(value, { stream: true }));
  }
}
