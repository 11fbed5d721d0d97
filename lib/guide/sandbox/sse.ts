/** Server-sent events, read from a `fetch` (an `EventSource` cannot show a token). */

export interface ServerEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a stream of text into events. Feed it pieces as they come.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventReader(): { push(text: string): ServerEvent[] } {
  let rest = '';
  return {
    push(text) {
      rest += text;
      const events: ServerEvent[] = [];
      for (;;) {
        const end = /\r\n\r\n|\n\n|\r\r/.exec(rest);
        if (!end) return events;
        const block = rest.slice(0, end.index);
        rest = rest.slice(end.index + end[0].length);
        const event = parse(block);
        if (event) events.push(event);
      }
    },
  };
}

function parse(block: string): ServerEvent | null {
  let id: string | null = null;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') id = value;
    else if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
  }
  return data.length === 0 ? null : { id, event, data: data.join('\n') };
}
