import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { loadTrack } from '#lib/guide/load.ts';
import { indexOf, pageOf } from '#lib/guide/page.ts';
import { plainText } from '#lib/guide/text.ts';
import { originOfPage } from '../../_origin.ts';
import { Walk } from './_components/walk.tsx';
import './walk.css';
import './_components/follow.css';
import './_components/guide-parts.css';

interface PageProps {
  readonly params: Promise<{ track: string; step?: string[] }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { track: id, step: [stepId] = [] } = await params;
  const track = loadTrack(id);
  if (!track) return { title: 'Page not found' };
  const step = track.steps.find((one) => one.id === stepId);
  if (step) return { title: `${step.number}. ${step.title}, ${track.title}`, description: plainText(step.lede) };
  if (stepId === 'done') return { title: `The whole run, ${track.title}` };
  return { title: track.title, description: track.teaches };
}

/**
 * One step of a track: it comes with the index of the track and with its own texts. Other steps are shown in place;
 * their texts are fetched then.
 */
export default async function StepPage({ params }: PageProps) {
  const { track: id, step: [stepId, more] = [] } = await params;
  const track = loadTrack(id);
  if (!track || more !== undefined) notFound();
  const shown = stepId === undefined || stepId === 'done' ? track.steps[0]!.id : stepId;
  const page = pageOf(track, shown);
  if (!page) notFound();
  return <Walk index={indexOf(track)} page={page} named={stepId ?? null} origin={await originOfPage()} />;
}
