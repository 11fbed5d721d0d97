import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { loadTrack } from '#lib/guide/load.ts';
import { originOfPage } from '../_origin.ts';
import { Walk } from './_components/walk.tsx';
import './walk.css';

interface LayoutProps {
  readonly params: Promise<{ track: string }>;
  readonly children: ReactNode;
}

/** The walk stays mounted from step to step; a step's page brings its title. */
export default async function TrackLayout({ params, children }: LayoutProps) {
  const { track: id } = await params;
  const track = loadTrack(id);
  if (!track) notFound();
  const origin = await originOfPage();
  return (
    <>
      <Walk track={track} origin={origin} />
      {children}
    </>
  );
}
