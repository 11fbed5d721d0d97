import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { plainText } from '#lib/guide/text.ts';
import { listLevels, loadLevel } from '#lib/labs/levels/load.ts';
import { originOfPage } from '../../guide/_origin.ts';
import { LevelPage } from './_components/level-page.tsx';
import '../../guide/[track]/[[...step]]/walk.css';
import './level.css';
import './moves.css';
import './end.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const level = loadLevel((await params).id);
  if (!level) return { title: 'Page not found' };
  return { title: `${level.number}. ${level.title}, Levels`, description: plainText(level.goal.says) };
}

/** One level, played in the page. */
export default async function Page({ params }: PageProps) {
  const level = loadLevel((await params).id);
  if (!level) notFound();
  return (
    <LevelPage
      level={level}
      levels={listLevels().map(({ id, number, title, par, says }) => ({ id, number, title, par, says }))}
      origin={await originOfPage()}
    />
  );
}
