// Made by npm run styles of components/exchange/leaders.ts.
{
const ROW = 20;
const LOWER = 8;
const LANES = 4;
function lanesOf(leads ) {
  const taken = [];
  return leads.map(({ line, note }) => {
    const drop = note - line;
    if (drop <= LOWER) return { drop: 0, lane: 0 };
    const beside = taken.filter(({ to }) => to > line - 1).map(({ lane }) => lane);
    const lane = Math.min(LANES - 1, beside.length === 0 ? 0 : Math.max(...beside) + 1);
    taken.push({ to: note, lane });
    return { drop: Math.round(drop), lane };
  });
}
function draw(score ) {
  const lines = [...score.querySelectorAll ('.ln.an')].flatMap((line) => {
    const note = line.querySelector ('.nt');
    return note === null ? [] : [{ line, note }];
  });
  const first = lines[0];
  if (first === undefined || score.clientWidth === 0 || getComputedStyle(first.note).float !== 'right') return;
  const drops = lanesOf(
    lines.map(({ line, note }) => ({
      line: line.getBoundingClientRect().bottom - ROW,
      note: note.getBoundingClientRect().top,
    })),
  );
  drops.forEach(({ drop, lane }, index) => {
    const { line } = lines[index] ;
    if (drop === 0 && !line.classList.contains('dropped')) return;
    line.classList.toggle('dropped', drop > 0);
    line.style.setProperty('--drop', `${drop}px`);
    line.style.setProperty('--lane', String(lane));
  });
}
function watchLeaders(score ) {
  const observer = new ResizeObserver(() => draw(score));
  observer.observe(score);
  return () => observer.disconnect();
}

for (const score of document.querySelectorAll('.score')) watchLeaders(score);
}
