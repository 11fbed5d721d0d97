import type { Metadata } from 'next';
import { JoinClass } from './_components/join-class.tsx';
import '../../class/class.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

export const metadata: Metadata = { title: 'Join a class', robots: { index: false } };

/** What joining a class means, and the button that does it. */
export default async function Page({ params }: PageProps) {
  return (
    <main id="main" className="sheet-page class-begin" tabIndex={-1}>
      <JoinClass id={(await params).id} />
    </main>
  );
}
