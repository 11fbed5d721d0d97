import { Fragment } from 'react';
import type { Party, Span } from '#lib/guide/types.ts';

interface ValueProps {
  /** Its name: every value of this name is lit together. */
  readonly name: string;
  readonly by: Party | 'attacker';
  readonly children: React.ReactNode;
}

/** A value in the colour of whoever made it; lit wherever it lives while one of its places is pointed at. */
export function Value({ name, by, children }: ValueProps) {
  return (
    <b className={`v ${by}`} data-v={name}>
      {children}
    </b>
  );
}

/**
 * Shortens a long value in the middle: `c_9f2F…wybq`.
 * @param head characters kept at the front
 * @param tail characters kept at the end
 */
export function shorten(text: string, head = 4, tail = 4): string {
  return text.length <= head + tail + 2 ? text : `${text.slice(0, head)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

/** A piece of text with the values in it, as `derive` hands them over. */
export function Spans({ spans, short = false }: { readonly spans: readonly Span[]; readonly short?: boolean }) {
  return spans.map((span, index) => {
    const key = index;
    if (!span.value || !span.madeBy) return <Fragment key={key}>{span.text}</Fragment>;
    return (
      <Value key={key} name={span.value} by={span.madeBy}>
        {short ? shorten(span.text, 6, 0) : span.text}
      </Value>
    );
  });
}
