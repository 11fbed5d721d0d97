import { GuessSums } from '#components/classes/guess-sums.tsx';
import type { WallHandle } from '#components/classes/use-wall.ts';
import { Prose } from '#components/values/prose.tsx';
import type { WallTrack } from './words.ts';

/** How the class guessed: hidden until it is shown, so that the room can still guess. */
export function Guesses({ handle, track }: { readonly handle: WallHandle; readonly track: WallTrack }) {
  const { wall, change } = handle;
  const known = track.experiments.flatMap((experiment) => {
    const guessed = wall?.guesses.find((one) => one.experiment === experiment.id);
    return guessed ? [{ experiment, guessed }] : [];
  });
  const shown = wall?.shown ?? [];
  return (
    <section className="g" aria-labelledby="guesses-h">
      <div className="figh">
        <h2 id="guesses-h">How they guessed</h2>
      </div>
      {known.length === 0 && <p className="q">Nobody has guessed yet.</p>}
      {known.map(({ experiment, guessed }) => (
        <section key={experiment.id} aria-label={experiment.title}>
          <h3>
            <i>
              {experiment.step}
              {experiment.letter}
            </i>
            <Prose text={experiment.title} />
          </h3>
          <p className="q">
            <Prose text={experiment.question} />
          </p>
          {guessed.options ? (
            <GuessSums options={experiment.options} counts={guessed.options} marked />
          ) : (
            <p className="hid num">
              <span>{guessed.count} have guessed. Hidden until you say so.</span>
              {guessed.count < 3 ? (
                <span>Fewer than three are never shown.</span>
              ) : (
                <button type="button" className="btn" onClick={() => void change({ shown: [...shown, experiment.id] })}>
                  Show the guesses
                </button>
              )}
            </p>
          )}
        </section>
      ))}
    </section>
  );
}
