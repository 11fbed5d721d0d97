import type { Metadata } from 'next';
import { listTracks, loadTrack } from '#lib/guide/load.ts';
import { originOfPage } from '../_origin.ts';
import { Arrival } from './arrival.tsx';

// The address of this page holds a code: nothing that it links to may be told of it.
export const metadata: Metadata = {
  title: 'Back from the authorization server',
  robots: { index: false },
  referrer: 'no-referrer',
};

/** The redirect URI of the guide's client: takes the answer, checks it, and goes on to the step. */
export default async function CallbackPage() {
  const origin = await originOfPage();
  const tracks = listTracks().flatMap((summary) => loadTrack(summary.id) ?? []);
  return <Arrival tracks={tracks.slice(0, 1)} origin={origin} />;
}
