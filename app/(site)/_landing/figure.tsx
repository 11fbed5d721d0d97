'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState, useTransition } from 'react';
import { CopyButton } from '#components/values/copy.tsx';
import { Tabs } from '#components/values/tabs.tsx';

interface FigureProps {
  readonly http: ReactNode;
  readonly curl: string;
  /** What is copied from the first view. */
  readonly text: string;
}

/** The first figure's head and its two views. "Send it again" asks the server again, for this page anew. */
export function Figure({ http, curl, text }: FigureProps) {
  const [view, setView] = useState<'http' | 'curl'>('http');
  const [sending, send] = useTransition();
  const router = useRouter();
  useEffect(() => {
    // Enter does what the primary action says, wherever nothing else has the focus.
    const enter = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.defaultPrevented || document.activeElement !== document.body) return;
      document.querySelector<HTMLAnchorElement>('a[data-action]')?.click();
    };
    document.addEventListener('keydown', enter);
    return () => document.removeEventListener('keydown', enter);
  }, []);
  return (
    <>
      <div className="figh">
        <span className="fign">Fig. 1.1</span><h2>A refusal, in full</h2>
        <Tabs label="Views of the exchange" tabs={[{ id: 'http', label: 'HTTP' }, { id: 'curl', label: 'curl' }]} value={view} onChange={setView} panel="fig-1-1">
          <button type="button" aria-busy={sending || undefined} onClick={() => send(() => router.refresh())}>{sending ? 'Sending…' : 'Send it again'}</button>
          <CopyButton label="Copy what is shown" text={() => (view === 'http' ? text : curl)} />
        </Tabs>
      </div>
      <div id="fig-1-1" role="tabpanel" aria-label={view === 'http' ? 'The exchange as it went over the wire' : 'The request as a command'}>
        {view === 'http' ? http : <pre className="curl m-code">{curl}</pre>}
      </div>
    </>
  );
}
