'use client';

import { useEffect } from 'react';

/**
 * A note that stands below its line, because the one before needed the room, is led to: its leader
 * turns down to it. Measured again whenever the width changes or faces arrive.
 * @param box the score
 * @param key changes with what is drawn
 */
export function useDrops(box: React.RefObject<HTMLElement | null>, key: unknown) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for what is drawn anew
  useEffect(() => {
    const score = box.current;
    if (!score) return;
    const measure = () => {
      const leads = [...score.querySelectorAll<HTMLElement>('.ln.an')].map((line) => {
        const note = line.querySelector<HTMLElement>('.nt');
        const drop =
          note && getComputedStyle(note).float === 'right'
            ? note.getBoundingClientRect().top - (line.getBoundingClientRect().bottom - 20)
            : 0;
        return { line, drop };
      });
      for (const { line, drop } of leads) {
        if (drop > 8) line.style.setProperty('--drop', `${Math.round(drop)}px`);
        else line.style.removeProperty('--drop');
        line.classList.toggle('dropped', drop > 8);
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(score);
    return () => observer.disconnect();
  }, [box, key]);
}
