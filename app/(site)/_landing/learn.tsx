import { Dots, GoOn } from '#components/site/progress.tsx';
import type { TrackSummary } from '#lib/guide/types.ts';

/** The tracks; while there are few of them, also what the main one goes through. */
export function Learn({ tracks }: { readonly tracks: readonly TrackSummary[] }) {
  const main = tracks.find((track) => track.main);
  return (
    <>
      <div className="fig">
        <ul className="tracks">
          {tracks.map((track) => (
            <li key={track.id}>
              <a href={`/guide/${track.id}`}>{track.title}</a>
              <Dots track={track.id} steps={track.steps.map((step) => step.id)} />
              <span className="n num">{track.minutes} min</span>
            </li>
          ))}
        </ul>
        {main && tracks.length < 4 && (
          <ol className="steps">{main.steps.map((step) => <li key={step.id}><i>{step.number}</i><a href={`/guide/${main.id}/${step.id}`}>{step.title}</a></li>)}</ol>
        )}
      </div>
      {main && <GoOn track={main.id} steps={main.steps.map(({ id, number }) => ({ id, number }))} begin="Begin at step 1" className="btn" />}
    </>
  );
}
