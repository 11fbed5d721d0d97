import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { levelText } from '#lib/labs/levels/load.ts';
import { isPublicInstance } from '#lib/server/views/origin.ts';
import { originOfPage } from '../_origin.ts';
import { LevelEditor } from './_components/level-editor.tsx';
import { OnlyLocal } from './_components/only-local.tsx';
import '../[track]/[[...step]]/walk.css';
import '../../levels/[id]/level.css';
import '../../levels/[id]/moves.css';
import '../../levels/[id]/end.css';
import './editor.css';

export const metadata: Metadata = {
  title: 'Write a level',
  description: 'A level in YAML, checked against a real sandbox while you write.',
  robots: { index: false },
};

/** Writes a level: the text at the left, what is wrong or the level itself at the right. */
export default async function Page() {
  if (await isPublicInstance()) return <OnlyLocal />;
  return (
    <>
      <LevelEditor first={levelText('one-refusal')!} origin={await originOfPage()} />
      <Footer />
    </>
  );
}
