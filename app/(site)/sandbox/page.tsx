import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { Start } from './start.tsx';
import './sandbox.css';

export const metadata: Metadata = {
  title: 'Sandbox',
  description: 'An address of your own: give it to a client, and watch its requests arrive, explained.',
};

/** A sandbox by one click, and those that this browser has made. */
export default function Sandboxes() {
  return (
    <>
      <main id="main" className="sheet-page start">
        <h1 className="title">Sandbox</h1>
        <p className="lede">
          An address of your own. Give it to a client, and watch what it sends: each request is explained line by line
          and judged by the specifications. Then start a scenario, lose an answer, or move the clock an hour, and see
          what the client does.
        </p>
        <Start />
      </main>
      <Footer />
    </>
  );
}
