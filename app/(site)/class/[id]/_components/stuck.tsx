import { useRef } from 'react';
import { Prose } from '#components/values/prose.tsx';
import type { WallHandle } from '#components/classes/use-wall.ts';
import type { Disc } from '#lib/labs/classes/wall.ts';
import type { WallAnswer } from '#lib/spec/answers.ts';
import type { ReasonWords, WallTrack } from './words.ts';

interface StuckProps {
  readonly wall: WallAnswer;
  readonly change: WallHandle['change'];
  readonly columns: readonly (readonly Disc[])[];
  readonly track: WallTrack;
  readonly reasons: Readonly<Record<string, ReasonWords>>;
}

/** A refusal that somebody has chosen to show. */
function ShownRefusal({
  one,
  onClose,
}: {
  readonly one: NonNullable<WallAnswer['one']>;
  readonly onClose: () => void;
}) {
  return (
    <div className="shown-one">
      <pre className="m-code">{one.request}</pre>
      <pre className="m-code">{one.response}</pre>
      <button type="button" className="btn" onClick={onClose}>
        Put it away
      </button>
    </div>
  );
}

/** Refusals because something has expired: there are fewer of them while the clocks stand still. */
const OF_TIME = /-expired$/;

/** The sign before a row that is no refusal. */
function Ring() {
  return (
    <svg className="mk o" viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="2.6" />
    </svg>
  );
}

/** How many have sent nothing for a while, at which steps, and for how long at least. */
function Quiet({ columns }: Pick<StuckProps, 'columns'>) {
  const quiet = columns.map((column) => column.filter((disc) => disc.state === 'quiet'));
  const all = quiet.flat();
  if (all.length === 0) return null;
  const steps = quiet.flatMap((those, index) => (those.length > 0 ? [index + 1] : []));
  // More than two have no room in the margin.
  const isFew = steps.length <= 2;
  const least = Math.min(...all.map((disc) => disc.minutes));
  return (
    <li className="quiet">
      <Ring />
      <i className="s">
        {isFew && (
          <>
            <span className="vh">{steps.length === 1 ? 'Step ' : 'Steps '}</span>
            {steps.join(', ')}
          </>
        )}
      </i>
      <div>
        <h3>
          Nothing for {least} minutes{all.length > 1 && ' or more'}
        </h3>
        <p>
          {!isFew && `At steps ${steps.join(', ')}. `}Their pages have sent nothing new. They may be reading, or
          talking.
        </p>
      </div>
      <p className="n">
        {all.length}
        <small>quiet</small>
      </p>
    </li>
  );
}

/** Why participants are stuck, by number, with what to say. Of fewer than three at a step nothing is told. */
export function Stuck({ wall, change, columns, track, reasons }: StuckProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  /** Changes what takes the pressed button away: the focus goes to the heading of the part. */
  const leave = (made: Parameters<typeof change>[0]) => {
    void change(made);
    heading.current?.focus();
  };
  const placeOf = (step: string): number => track.steps.findIndex((one) => one.id === step);
  // The most frequent first; of equal ones the earlier step.
  const causes = [...wall.causes].sort((a, b) => b.count - a.count || placeOf(a.step) - placeOf(b.step));
  const stuck = columns.flat().filter((disc) => disc.state === 'stuck').length;
  const quiet = columns.flat().filter((disc) => disc.state === 'quiet').length;
  const untold = stuck - causes.reduce((sum, cause) => sum + cause.count, 0);
  return (
    <section aria-labelledby="stuck-h">
      <div className="figh">
        <h2 id="stuck-h" ref={heading} tabIndex={-1}>
          Where they are stuck
        </h2>
        <span className="cap num">
          {stuck} stuck, {quiet} quiet
        </span>
      </div>
      <ul className="stuck">
        {causes.map(({ step, reason, count, of }) => {
          const at = placeOf(step);
          const words = reasons[reason];
          const help = track.steps[at]?.help[reason];
          const isAsked = wall.asks?.step === step && wall.asks.reason === reason;
          const one = wall.one?.step === step && wall.one.reason === reason ? wall.one : null;
          return (
            <li key={`${step} ${reason}`}>
              <svg className="mk x" viewBox="0 0 12 12" role="img" aria-label="stuck">
                <path d="m3 3 6 6M9 3l-6 6" />
              </svg>
              <i className="s">{at + 1}</i>
              <div>
                <h3>
                  <Prose text={words?.says ?? reason} /> {words?.error && <code>{words.error}</code>}
                </h3>
                {help && (
                  <p>
                    <Prose text={`Say: ${help}`} />
                  </p>
                )}
                {one ? (
                  <ShownRefusal one={one} onClose={() => leave({ one: null })} />
                ) : (
                  <div className="acts">
                    <button
                      type="button"
                      className="btn"
                      onClick={() => void change({ asks: isAsked ? null : { step, reason }, one: null })}
                    >
                      {isAsked ? 'Stop asking' : 'Show one, without its owner'}
                    </button>
                    {OF_TIME.test(reason) && !wall.frozen && (
                      <button type="button" className="btn" onClick={() => leave({ frozen: true })}>
                        Freeze all clocks
                      </button>
                    )}
                    {isAsked && (
                      <p role="status">Those who were refused so are asked. The first who agrees is shown.</p>
                    )}
                  </div>
                )}
              </div>
              <p className="n">
                {count} of {of}
                <small>at this step</small>
              </p>
            </li>
          );
        })}
        {untold > 0 && (
          <li className="quiet">
            <Ring />
            <i className="s" />
            <div>
              <h3>Other causes</h3>
              <p>Fewer than three are at that step: it would show who.</p>
            </div>
            <p className="n">{untold}</p>
          </li>
        )}
        {stuck === 0 && (
          <li className="quiet">
            <Ring />
            <i className="s" />
            <div>
              <h3>Nobody is stuck</h3>
              <p>A participant who is refused twice for the same reason is counted here.</p>
            </div>
          </li>
        )}
        <Quiet columns={columns} />
      </ul>
    </section>
  );
}
