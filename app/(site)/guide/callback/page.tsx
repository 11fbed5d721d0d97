import type { Metadata } from 'next';
import { Arrival } from './arrival.tsx';

// The address of this page holds a code: nothing that it links to may be told of it.
export const metadata: Metadata = {
  title: 'Back from the authorization server',
  robots: { index: false },
  referrer: 'no-referrer',
};

/** The redirect URI of the guide's client: keeps the answer, and goes on to the track that waits for it. */
export default function CallbackPage() {
  return <Arrival />;
}
