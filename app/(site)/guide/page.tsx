import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { GoOn, SoFar, StepSquares } from '#components/site/progress.tsx';
import { Prose } from '#components/values/prose.tsx';
import { listTracks } from '#lib/guide/load.ts';
import type { TrackSummary } from '#lib/guide/types.ts';
import './guide.css';

export const metadata: Metadata = {
  title: 'Learn',
  description: 'Guided walks through OAuth 2.1, each step a real request to a live server.',
};

const NUMBERS = [
  'No',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
];

/** All tracks in an order that teaches: what each teaches, how long it takes, and how far one is. */
export default function Guide() {
  const tracks = listTracks();
  const main = tracks[0]!;
  const minutes = tracks.reduce((sum, track) => sum + track.minutes, 0);
  const experiments = tracks.reduce((sum, track) => sum + track.experiments, 0);
  const columns = Math.max(...tracks.map((track) => track.before.length + track.steps.length));
  return (
    <>
      <main id="main" className="sheet-page guide-index">
        <header className="index-head">
          <div>
            <h1 className="title">Learn</h1>
            <p className="lede">
              {NUMBERS[tracks.length] ?? tracks.length} walks through OAuth, one real request at a time, in a sandbox of
              your own. Walk the first. Then take any other: the steps that it needs run by themselves.
            </p>
          </div>
          <div>
            <GoOn
              track={main.id}
              steps={main.steps.map(({ id, number, title }) => ({ id, number, title }))}
              begin="Begin with the first"
              className="go"
            />
            <p className="for-whom">
              All of them take {minutes} minutes; with their {experiments} experiments, an afternoon.
            </p>
          </div>
        </header>
        <div className="track-table" style={{ '--columns': columns } as React.CSSProperties}>
          <div className="track-head ui tiny dim" aria-hidden="true">
            <span>in an order that teaches</span>
            <span className="step-squares">
              {main.steps.map(({ id, number }) => (
                <span key={id}>
                  <em>{number}</em>
                </span>
              ))}
            </span>
            <span>time</span>
            <span>so far</span>
          </div>
          {groupsOf(tracks).map(([group, members]) => (
            <section key={group} className="track-group" aria-label={group}>
              <p className="group-name">{group}</p>
              <ol>
                {members.map((track) => (
                  <Row key={track.id} track={track} tracks={tracks} columns={columns} />
                ))}
              </ol>
            </section>
          ))}
        </div>
        <p className="squares-legend tiny dim" aria-hidden="true">
          <span>
            <i className="done" /> done
          </span>
          <span>
            <i /> to do
          </span>
          <span>
            <b /> a step of another track that runs by itself
          </span>
        </p>
        <nav className="index-more" aria-label="More to learn with">
          <section>
            <h2>Labs</h2>
            <p>Attacks, run for real: first without the defence, then with it.</p>
            <a className="btn" href="/lab">
              Open the labs
            </a>
          </section>
          <section>
            <h2>Levels</h2>
            <p>Fourteen goals that the server judges, each with the fewest moves it takes.</p>
            <a className="btn" href="/levels">
              Open the levels
            </a>
          </section>
          <section>
            <h2>Glossary</h2>
            <p>The words of the field, each in a sentence or two. Steps lead there at the first use of each.</p>
            <a className="btn" href="/guide/glossary">
              Look a word up
            </a>
          </section>
          <section>
            <h2>For a class</h2>
            <p>One link, a sandbox for each participant, and a wall that shows where they are.</p>
            <a className="btn" href="/class">
              Begin a class
            </a>
          </section>
          <section>
            <h2>Figures</h2>
            <p>The walk of each track as a picture with an address, for slides and pages of your own.</p>
            <a className="btn" href="/guide/figures">
              See the figures
            </a>
          </section>
        </nav>
      </main>
      <Footer />
    </>
  );
}

interface RowProps {
  readonly track: TrackSummary;
  readonly tracks: readonly TrackSummary[];
  /** Columns of the plate. */
  readonly columns: number;
}

function Row({ track, tracks, columns }: RowProps) {
  const after = track.prerequisites.filter((id) => id !== 'authorization-code');
  return (
    <li className="track-row">
      <i className="track-no">{track.number}</i>
      <div>
        <h2>
          <a href={`/guide/${track.id}`}>{track.title}</a>
        </h2>
        <p>
          <Prose text={track.teaches} />
        </p>
        <p className="for-whom">
          <Prose text={track.for_whom} />
          {after.map((id, index) => (
            <span key={id}>
              {index === 0 ? ' Comes after ' : ' and '}
              <a href={`/guide/${id}`}>{tracks.find((other) => other.id === id)?.title ?? id}</a>
            </span>
          ))}
          {after.length > 0 && '.'}
        </p>
      </div>
      <StepSquares track={track.id} before={track.before.length} steps={track.steps} columns={columns} />
      <p className="ui num">{track.minutes} min</p>
      <SoFar track={track.id} steps={track.steps} />
    </li>
  );
}

/** Tracks that belong together, in order. */
function groupsOf(tracks: readonly TrackSummary[]): [string, TrackSummary[]][] {
  const groups = new Map<string, TrackSummary[]>();
  for (const track of tracks) groups.set(track.group, [...(groups.get(track.group) ?? []), track]);
  return [...groups];
}
