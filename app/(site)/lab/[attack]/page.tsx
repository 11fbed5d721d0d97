import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { plainText } from '#lib/guide/text.ts';
import { labView } from '#lib/server/views/labs.ts';
import { originOfPage } from '../../guide/_origin.ts';
import { LabPage } from './_components/lab-page.tsx';
import '#components/wire/wire.css';
import '#components/report/report.css';
import '../lab-wire.css';
import './lab.css';
import './figure.css';
import './end.css';
import './media.css';
import './eye.css';

interface PageProps {
  readonly params: Promise<{ attack: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const view = labView((await params).attack);
  return view ? { title: `${plainText(view.lab.title)}, a lab`, description: plainText(view.lab.line) } : {};
}

/** One lab: the attack with the defence off and on, and the check that stops it. */
export default async function LabRoute({ params }: PageProps) {
  const view = labView((await params).attack);
  if (!view) notFound();
  return <LabPage view={view} origin={await originOfPage()} />;
}
