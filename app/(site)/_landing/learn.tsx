import { labIds } from '#lib/spec/labs.ts';
import type { TrackSummary } from '#lib/guide/types.ts';
import { inWords } from './words.ts';

/**
 * The tracks; while there are few of them, also what the main one goes through. `public/first.js` fills in how far
 * you are.
 */
export function Learn({ tracks }: { readonly tracks: readonly TrackSummary[] }) {
  const main = tracks.find((track) => track.main);
  return (
    <>
      <div className="fig">
        <ul className="tracks">
          {tracks.map((track) => (
            <li key={track.id}>
              <a href={`/guide/${track.id}`}>{track.title}</a>
              <span className="dots" data-progress={track.id}>
                {track.steps.map((step) => (
                  <i key={step.id} suppressHydrationWarning />
                ))}
                <span className="vh" suppressHydrationWarning>
                  {track.steps.length} steps
                </span>
              </span>
              <span className="n num">{track.minutes} min</span>
            </li>
          ))}
        </ul>
        {main && tracks.length < 4 && (
          <ol className="steps">
            {main.steps.map((step) => (
              <li key={step.id}>
                <i>{step.number}</i>
                <a href={`/guide/${main.id}/${step.id}`}>{step.title}</a>
              </li>
            ))}
          </ol>
        )}
      </div>
      <p className="ways">
        {main && (
          <a
            className="btn"
            href={`/guide/${main.id}`}
            data-go-on={main.id}
            data-steps={main.steps.map((step) => step.id).join(' ')}
            suppressHydrationWarning
          >
            Begin at step 1
          </a>
        )}
        <a className="link" href="/lab">
          {inWords(labIds.length, true)} attacks, run for real
        </a>
      </p>
    </>
  );
}
