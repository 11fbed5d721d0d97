import type { Metadata } from 'next';
import { isPublicInstance } from '#lib/server/views/origin.ts';
import { OnlyLocal } from '../../guide/editor/_components/only-local.tsx';
import { originOfPage } from '../../guide/_origin.ts';
import { OwnLevel } from './_components/own-level.tsx';
import '../../guide/[track]/[[...step]]/walk.css';
import '../[id]/level.css';
import '../[id]/moves.css';
import '../[id]/end.css';

export const metadata: Metadata = { title: 'A level of somebody’s own', robots: { index: false } };

/** A level that its address brings. */
export default async function Page() {
  if (await isPublicInstance()) return <OnlyLocal />;
  return <OwnLevel origin={await originOfPage()} />;
}
