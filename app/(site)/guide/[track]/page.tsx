import type { Metadata } from 'next';
import { loadTrack } from '#lib/guide/load.ts';

interface PageProps {
  readonly params: Promise<{ track: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const track = loadTrack((await params).track);
  return { title: track?.title, description: track?.teaches };
}

/** The step that the walk has come to; drawn by the layout. */
export default function TrackPage() {
  return null;
}
