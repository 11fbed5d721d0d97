/**
 * Leaders from lines to notes. A note stands lower than its line if the note before needed the room: then its leader
 * turns down to it. Of leaders that turn down beside each other each has a lane of its own, the later the further left,
 * so that none crosses another and each can be followed.
 *
 * `npm run styles` makes `public/leaders.js` of this file, for pages without the framework's scripts. Therefore it
 * imports nothing.
 */

/** Pixels between the bottom of a line and the height of its leader, twice. */
const ROW = 20;
/** Pixels from which on a note counts as lower than its line. */
const LOWER = 8;
/** Lanes that the gap between lines and notes has room for. */
const LANES = 4;

/** How far a leader turns down, in pixels, and in which lane. */
export interface Drop {
  readonly drop: number;
  readonly lane: number;
}

/**
 * The lanes of leaders, from top to bottom.
 * @param leads the heights of line and note, in pixels
 */
export function lanesOf(leads: readonly { readonly line: number; readonly note: number }[]): readonly Drop[] {
  const taken: { readonly to: number; readonly lane: number }[] = [];
  return leads.map(({ line, note }) => {
    const drop = note - line;
    if (drop <= LOWER) return { drop: 0, lane: 0 };
    const beside = taken.filter(({ to }) => to > line - 1).map(({ lane }) => lane);
    const lane = Math.min(LANES - 1, beside.length === 0 ? 0 : Math.max(...beside) + 1);
    taken.push({ to: note, lane });
    return { drop: Math.round(drop), lane };
  });
}

/** Draws the leaders of one exchange. All is measured before anything is written, so that it is laid out once. */
function draw(score: HTMLElement): void {
  const lines = [...score.querySelectorAll<HTMLElement>('.ln.an')].flatMap((line) => {
    const note = line.querySelector<HTMLElement>('.nt');
    return note === null ? [] : [{ line, note }];
  });
  const first = lines[0];
  // Not shown at the moment, or with its notes below their lines: there is nothing to lead to.
  if (first === undefined || score.clientWidth === 0 || getComputedStyle(first.note).float !== 'right') return;
  const drops = lanesOf(
    lines.map(({ line, note }) => ({
      line: line.getBoundingClientRect().bottom - ROW,
      note: note.getBoundingClientRect().top,
    })),
  );
  drops.forEach(({ drop, lane }, index) => {
    const { line } = lines[index]!;
    // Most turn nowhere: what is as it was is not touched, because each line that is written is laid out again.
    if (drop === 0 && !line.classList.contains('dropped')) return;
    line.classList.toggle('dropped', drop > 0);
    line.style.setProperty('--drop', `${drop}px`);
    line.style.setProperty('--lane', String(lane));
  });
}

/**
 * Draws the leaders of one exchange, and again whenever its width changes or faces arrive.
 * @returns what ends it
 */
export function watchLeaders(score: HTMLElement): () => void {
  // It is told once as soon as it observes, after the browser has laid the lines out: nothing is forced.
  const observer = new ResizeObserver(() => draw(score));
  observer.observe(score);
  return () => observer.disconnect();
}
