import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { FAULTY } from '#lib/config/fault.ts';
import { sandboxPage } from '#lib/server/views/sandbox.ts';
import { Console } from './_components/console.tsx';
import '../sandbox.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

const find = cache(async (id: string) => sandboxPage(id, (await headers()).get('host')));

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { id } = await params;
  const title = (await find(id)) ? `Sandbox ${id.slice(0, 6)}` : 'This sandbox is gone';
  return { title, robots: { index: false } };
}

/** A sandbox: its addresses for everybody, what arrives there for whoever shows its control token or a share. */
export default async function Sandbox({ params }: PageProps) {
  const page = await find((await params).id);
  if (!page) notFound();
  return <Console page={page} endpoints={FAULTY} />;
}
