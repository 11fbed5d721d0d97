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
      const first = score.querySelector('.nt');
      if (!first || getComputedStyle(first).float !== 'right') return;
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
    // It is told once as soon as it observes, after the browser has laid the lines out: nothing is forced.
    const observer = new ResizeObserver(measure);
    observer.observe(score);
    return () => observer.disconnect();
  }, [box, key]);
}
