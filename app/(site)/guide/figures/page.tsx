import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { listTracks } from '#lib/guide/load.ts';
import type { TrackSummary } from '#lib/guide/types.ts';
import './figures.css';

export const metadata: Metadata = {
  title: 'Figures',
  description: 'The walk of each track as a picture, with an address, for slides and pages of your own.',
};

/** What the picture shows, in words. */
function wordsOf({ title, steps }: TrackSummary): string {
  return `${title}, ${steps.length} steps: ${steps.map((step) => step.title).join(', ')}`;
}

/** The figure of each track, with its address. */
export default function Figures() {
  return (
    <>
      <main id="main" className="sheet-page figures">
        <h1 className="title">Figures</h1>
        <p className="lede">
          The walk of each track as a picture. It is drawn from what travelled when this server walked it. Each has an
          address, and scales without loss.
        </p>
        <div className="figure-grid">
          {listTracks().map((track) => (
            <figure key={track.id} id={track.id}>
              {(['day', 'night'] as const).map((theme) => (
                <picture key={theme} className={theme}>
                  <img
                    src={`/guide/figures/${track.id}.svg${theme === 'night' ? '?theme=dark' : ''}`}
                    alt={wordsOf(track)}
                    loading="lazy"
                  />
                </picture>
              ))}
              <figcaption>
                <a href={`/guide/${track.id}`}>{track.title}</a>
                <span className="ui tiny">
                  <a href={`/guide/figures/${track.id}.svg`}>{track.id}.svg</a>{' '}
                  <a href={`/guide/figures/${track.id}.svg?theme=dark`}>dark</a>
                </span>
              </figcaption>
            </figure>
          ))}
        </div>
      </main>
      <Footer />
    </>
  );
}
