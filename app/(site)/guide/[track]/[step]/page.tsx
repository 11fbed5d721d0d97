import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { loadTrack } from '#lib/guide/load.ts';
import { plainText } from '#lib/guide/text.ts';

interface PageProps {
  readonly params: Promise<{ track: string; step: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { track: id, step: stepId } = await params;
  const track = loadTrack(id);
  const step = track?.steps.find((one) => one.id === stepId);
  if (!track) return {};
  if (!step) return { title: `The whole run, ${track.title}` };
  return { title: `${step.number}. ${step.title}, ${track.title}`, description: plainText(step.lede) };
}

/** One step; drawn by the layout. */
export default async function StepPage({ params }: PageProps) {
  const { track: id, step } = await params;
  const track = loadTrack(id);
  if (track && step !== 'done' && !track.steps.some((one) => one.id === step)) notFound();
  return null;
}
