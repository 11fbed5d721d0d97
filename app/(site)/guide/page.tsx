import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { Dots, GoOn } from '#components/site/progress.tsx';
import { Prose } from '#components/values/prose.tsx';
import { listTracks } from '#lib/guide/load.ts';
import './guide.css';

export const metadata: Metadata = {
  title: 'Learn',
  description: 'Guided walks through OAuth 2.1, each step a real request to a live server.',
};

/** All tracks: what each teaches, how long, how far you are. */
export default function Guide() {
  const tracks = listTracks();
  return (
    <>
      <main id="main" className="sheet-page guide-index">
        <h1 className="title">Learn</h1>
        <p className="lede">
          {tracks.length === 1 ? 'A walk through one flow' : 'Each track walks through one flow'}, one real request at a
          time, in a sandbox of your own. Whatever you change, the server answers to it.
        </p>
        <ol className="track-list">
          {tracks.map((track) => (
            <li key={track.id}>
              <article aria-labelledby={`track-${track.id}`}>
                <header className="figh">
                  <span className="fign">Track {track.number}</span>
                  <h2 id={`track-${track.id}`}>
                    <a href={`/guide/${track.id}`}>{track.title}</a>
                  </h2>
                  <p className="end ui num">
                    <Dots track={track.id} steps={track.steps.map((step) => step.id)} />
                    {track.minutes} min
                  </p>
                </header>
                <div className="track-body">
                  <div>
                    <p className="teaches">
                      <Prose text={track.teaches} />
                    </p>
                    <p className="for-whom">
                      <Prose text={track.for_whom} />
                    </p>
                    {track.prerequisites.length > 0 && (
                      <p className="for-whom">
                        After{' '}
                        {track.prerequisites.map((id, index) => (
                          <span key={id}>
                            {index > 0 && ', '}
                            <a href={`/guide/${id}`}>{tracks.find((other) => other.id === id)?.title ?? id}</a>
                          </span>
                        ))}
                        .
                      </p>
                    )}
                    <GoOn
                      track={track.id}
                      steps={track.steps.map(({ id, number }) => ({ id, number }))}
                      begin="Begin"
                      className={track.main ? 'go' : 'btn'}
                    />
                  </div>
                  <ol className="step-list">
                    {track.steps.map((step) => (
                      <li key={step.id}>
                        <i>{step.number}</i>
                        <a href={`/guide/${track.id}/${step.id}`}>{step.title}</a>
                      </li>
                    ))}
                  </ol>
                </div>
              </article>
            </li>
          ))}
        </ol>
      </main>
      <Footer />
    </>
  );
}
