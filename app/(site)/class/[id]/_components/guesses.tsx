import { Prose } from '#components/values/prose.tsx';
import type { WallHandle } from './use-wall.ts';
import type { WallTrack } from './words.ts';

/** So many, as five-bar gates. */
function Gates({ count }: { readonly count: number }) {
  const bars = Array.from({ length: count }, (_, index) => {
    const x = 2 + Math.floor(index / 5) * 26 + (index % 5) * 5;
    return index % 5 === 4 ? `M${x - 21} 14.5 ${x - 1} 3.5` : `M${x} 2v14`;
  });
  const width = Math.max(6, Math.ceil(count / 5) * 26);
  return (
    <svg className="gate" viewBox={`0 0 ${width} 18`} height={18} aria-hidden="true">
      <path d={bars.join('')} />
    </svg>
  );
}

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
            <ul>
              {experiment.options.map((option, index) => (
                <li key={option.text} className={option.right ? 'r' : undefined}>
                  <b>
                    <Prose text={option.text} />
                    {option.right && <span className="vh">, which is what happens</span>}
                    {option.right && (
                      <svg className="mk p" viewBox="0 0 12 12" aria-hidden="true">
                        <path d="m2.5 6.5 2.3 2.3L9.5 3.5" />
                      </svg>
                    )}
                  </b>
                  <Gates count={guessed.options![index] ?? 0} />
                  <span className="num">{guessed.options![index] ?? 0}</span>
                </li>
              ))}
            </ul>
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
