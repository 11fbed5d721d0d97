import { Prose } from '#components/values/prose.tsx';
import type { LevelView } from '#lib/labs/levels/view.ts';

/** A mark in a box of 12: reached, or a ring. */
function Mark({ reached }: { readonly reached: boolean }) {
  return (
    <svg
      className={`mk ${reached ? 'p' : 'o'}`}
      viewBox="0 0 12 12"
      role="img"
      aria-label={reached ? 'reached' : 'not reached'}
    >
      {reached ? <path d="m2.5 6.5 2.3 2.3L9.5 3.5" /> : <circle cx="6" cy="6" r="2.6" />}
    </svg>
  );
}

/** Fig. 1: the goal, term by term: what is wanted, and what is there now. */
export function GoalFigure({ view }: { readonly view: LevelView }) {
  return (
    <section aria-labelledby="fig-1">
      <div className="figh">
        <span className="fign">Fig. 1</span>
        <h2 id="fig-1">The goal</h2>
        <p className="end ui num dim">
          {view.reached} of {view.terms.length} reached
        </p>
      </div>
      <table className="goal">
        <caption className="vh">The goal, and how much of it is reached</caption>
        <thead>
          <tr>
            <td className="mkc" />
            <th scope="col">what the server must have seen</th>
            <th scope="col">wanted</th>
            <th scope="col">now</th>
          </tr>
        </thead>
        <tbody>
          {view.terms.map((term) => (
            <tr key={term.says} className={term.reached ? 'got' : undefined}>
              <td className="mkc">
                <Mark reached={term.reached} />
              </td>
              <th scope="row">
                <Prose text={term.says} bag={view.bag} />
              </th>
              <td data-h="wanted">
                <Prose text={term.wanted} />
              </td>
              <td data-h="now">
                <Prose text={term.now} />
                {term.note && !view.solved && <small>{term.note}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
