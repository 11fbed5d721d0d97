'use client';

import { useLayoutEffect, useState } from 'react';

interface LeadProps {
  /** The columns, between two of which the line runs. */
  readonly box: React.RefObject<HTMLElement | null>;
  /** What it leads from and to; null: there is no line. Measured anew when it changes. */
  readonly of: string | null;
}

/** The evidence line: from the line of the exchange that decided to the rule that it broke. */
export function Lead({ box, of }: LeadProps) {
  const [path, setPath] = useState<string | null>(null);
  useLayoutEffect(() => {
    const columns = box.current;
    if (!columns || of === null) {
      setPath(null);
      return;
    }
    const measure = () => {
      const line = columns.querySelector('.mid .ln.pointed code');
      const rule = columns.querySelector('.rep .rule.on');
      const mid = columns.querySelector('.mid');
      if (!line || !rule || !mid || !matchMedia('(min-width: 1181px)').matches) {
        setPath(null);
        return;
      }
      const frame = columns.getBoundingClientRect();
      const [from, to, column] = [line, rule, mid].map((one) => one.getBoundingClientRect()) as [
        DOMRect,
        DOMRect,
        DOMRect,
      ];
      const range = document.createRange();
      range.selectNodeContents(line.querySelector('ins') ?? line);
      const text = range.getBoundingClientRect();
      const y = Math.round(from.top + from.height / 2 - frame.top) + 0.5;
      const start = Math.min(Math.max(text.right, from.left) + 8, column.right) - frame.left;
      const turn = Math.round((column.right + to.left) / 2 - frame.left) + 0.5;
      const top = Math.round(to.top - frame.top) + 1;
      setPath(`M${start} ${y}H${turn}V${top}H${to.left - frame.left}`);
    };
    // Not measured here: the observer calls back once at the start, when the page is laid out anyway.
    const observer = new ResizeObserver(measure);
    observer.observe(columns);
    const late = setTimeout(measure, 400);
    return () => {
      observer.disconnect();
      clearTimeout(late);
    };
  }, [box, of]);
  return path === null ? null : (
    <svg className="lead" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
