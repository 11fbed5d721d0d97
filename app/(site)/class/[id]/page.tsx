import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { loadTrack } from '#lib/guide/load.ts';
import { withoutBase } from '#lib/guide/text.ts';
import { trackOfClass } from '#lib/server/views/class.ts';
import { type Reason, reasons } from '#lib/spec/reasons.ts';
import { originOfPage } from '../../guide/_origin.ts';
import { WallPage } from './_components/wall-page.tsx';
import type { WallTrack } from './_components/words.ts';
import '../class.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Class ${(await params).id}`, robots: { index: false } };
}

/** What the wall says of a track: its steps, what to say to whoever is stuck, and its experiments. */
function wordsOf(id: string): WallTrack | null {
  const track = loadTrack(id);
  if (!track) return null;
  return {
    id,
    title: track.title,
    steps: track.steps.map((step) => ({
      id: step.id,
      title: step.title,
      help: Object.fromEntries(
        step.if_it_fails.flatMap((edit) => (edit.reason === null ? [] : [[edit.reason, edit.explain]])),
      ),
    })),
    experiments: track.steps.flatMap((step) =>
      step.experiments
        .filter((one) => one.opens === null)
        .map(({ id: experiment, letter, title, question, options }) => ({
          ...{ id: experiment, step: step.number, letter, title: withoutBase(title), question: withoutBase(question) },
          options: options.map(({ text, right }) => ({ text, right })),
        })),
    ),
  };
}

/** The wall of a class. */
export default async function Page({ params }: PageProps) {
  const { id } = await params;
  const walked = await trackOfClass(id);
  const track = walked === null ? null : wordsOf(walked);
  if (track === null) notFound();
  const told = Object.entries(reasons as Readonly<Record<string, Reason>>).map(([reason, { says, error }]) => [
    reason,
    { says, error: error ?? null },
  ]);
  return <WallPage id={id} track={track} reasons={Object.fromEntries(told)} origin={await originOfPage()} />;
}
