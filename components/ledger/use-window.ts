'use client';

import { useCallback, useEffect, useLayoutEffect, useState } from 'react';

/** px of a row; the style sheet has the same. */
export const rowHeight = 30;
const spare = 8;

export interface WindowHandle {
  /** The first and the last row that are drawn (the last one exclusive). */
  readonly from: number;
  readonly to: number;
  readonly show: (index: number) => void;
}

/**
 * Of a long list, the rows that can be seen.
 * @param stick keeps the last row in view as rows come
 */
export function useWindow(box: React.RefObject<HTMLElement | null>, count: number, stick: boolean): WindowHandle {
  const [view, setView] = useState({ top: 0, height: 720 });
  useEffect(() => {
    const scroller = box.current;
    if (!scroller) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      setView((before) =>
        before.top === scroller.scrollTop && before.height === scroller.clientHeight
          ? before
          : { top: scroller.scrollTop, height: scroller.clientHeight },
      );
    };
    const soon = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    scroller.addEventListener('scroll', soon, { passive: true });
    const observer = new ResizeObserver(soon);
    observer.observe(scroller);
    return () => {
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', soon);
      observer.disconnect();
    };
  }, [box]);
  useLayoutEffect(() => {
    if (stick && box.current) box.current.scrollTop = count * rowHeight;
  }, [box, stick, count]);
  const show = useCallback(
    (index: number) => {
      const scroller = box.current;
      if (!scroller || index < 0) return;
      const top = index * rowHeight;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight)
        scroller.scrollTop = top + rowHeight - scroller.clientHeight;
    },
    [box],
  );
  const from = Math.max(0, Math.floor(view.top / rowHeight) - spare);
  return {
    from: Math.min(from, count),
    to: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + spare),
    show,
  };
}
