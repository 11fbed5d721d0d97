'use client';

import { nameOf, type WalkHandle } from './use-walk.ts';

/** One square for each experiment: guessed right, a surprise, still to go. Nobody is graded. */
export function Tally({ walk }: { readonly walk: WalkHandle }) {
  const { track, snapshot, hrefOf } = walk;
  const { experiments } = snapshot.state;
  const all = track.steps.flatMap((step) => step.experiments.filter((one) => one.opens === null));
  const seen = all.filter((one) => experiments[one.id]?.outcome);
  if (seen.length === 0) return null;
  const stateOf = (id: string): 'right' | 'surprise' | 'open' => {
    const record = experiments[id];
    if (!record?.outcome) return 'open';
    return record.right === false ? 'surprise' : 'right';
  };
  const count = (state: string): number => all.filter((one) => stateOf(one.id) === state).length;
  const words = { right: 'guessed right', surprise: 'surprised you', open: 'to go' } as const;
  return (
    <section className="tally" aria-labelledby="tally-h">
      <div className="figh">
        <h2 id="tally-h">Your guesses</h2>
        <span className="cap">Kept in this browser, and nobody is graded.</span>
      </div>
      <ol>
        {track.steps
          .filter((step) => step.experiments.some((one) => one.opens === null))
          .map((step) => (
            <li key={step.id}>
              <i>{step.number}</i> {step.title}
              <span className="squares">
                {step.experiments
                  .filter((one) => one.opens === null)
                  .map((one) => (
                    <a key={one.id} className={stateOf(one.id)} href={`${hrefOf(step.id)}#${nameOf(one.id)}`}>
                      <span className="vh">
                        {one.title.replace(/[`*]/g, '')}: {words[stateOf(one.id)]}
                      </span>
                    </a>
                  ))}
              </span>
            </li>
          ))}
      </ol>
      <p className="tiny">
        {(['right', 'surprise', 'open'] as const).map((state) => (
          <span key={state} className="squares">
            <i className={state} aria-hidden="true" /> {count(state)} {words[state]}
          </span>
        ))}
      </p>
    </section>
  );
}
