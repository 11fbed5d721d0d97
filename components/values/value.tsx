import type { Party } from '#lib/recorder/exchange.ts';

interface ValueProps {
  /** Its name: every value of this name is lit together. */
  readonly name: string;
  readonly by: Party;
  readonly children: React.ReactNode;
}

/** A value in the colour of whoever made it; lit wherever it lives while one of its places is pointed at. */
export function Value({ name, by, children }: ValueProps) {
  return <b className={`v ${by}`} data-v={name}>{children}</b>;
}

/**
 * Shortens a long value in the middle: `c_9f2F…wybq`.
 * @param head characters kept at the front
 * @param tail characters kept at the end
 */
export function shorten(text: string, head = 4, tail = 4): string {
  return text.length <= head + tail + 2 ? text : `${text.slice(0, head)}…${tail > 0 ? text.slice(-tail) : ''}`;
}
