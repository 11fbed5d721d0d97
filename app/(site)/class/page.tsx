import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { listTracks } from '#lib/guide/load.ts';
import { BeginClass } from './_components/begin-class.tsx';
import './class.css';

export const metadata: Metadata = {
  title: 'For a class',
  description: 'One link, a sandbox for each participant, and a wall that shows where they are.',
};

/** Makes a class. */
export default function Page() {
  return (
    <>
      <main id="main" className="sheet-page class-begin">
        <h1 className="title">For a class</h1>
        <p className="lede">
          One link, a sandbox for each participant, and a wall that shows where they are. Nobody signs up, and nobody is
          named unless they give a name.
        </p>
        <BeginClass tracks={listTracks().map(({ id, title, minutes }) => ({ id, title, minutes }))} />
        <p className="note">
          The wall is told each participant’s step, whether they move or are stuck, the reason of a refusal, and their
          guesses. It is never told a token, a parameter, or what was typed. A class ends after 12 hours.
        </p>
      </main>
      <Footer />
    </>
  );
}
