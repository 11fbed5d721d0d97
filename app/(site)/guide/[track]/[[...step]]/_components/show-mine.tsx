'use client';

import { useState } from 'react';
import { explain, requestJson } from '#lib/client/request.ts';
import type { Membership } from '#lib/guide/storage.ts';

interface ShowMineProps {
  readonly membership: Membership;
  readonly asks: { readonly step: string; readonly reason: string };
  /** The refusal as it would be shown. */
  readonly mine: { readonly request: string; readonly response: string };
}

/** The class asks to see a refusal like this one: its owner sees exactly what would be shown, and decides. */
export function ShowMine({ membership, asks, mine }: ShowMineProps) {
  const [answer, setAnswer] = useState<'open' | 'no' | 'shown'>('open');
  const [trouble, setTrouble] = useState<string | null>(null);
  if (answer === 'no') return null;
  const show = async () => {
    try {
      const path = `/api/classes/${membership.id}/members/me/shown`;
      await requestJson('POST', path, { token: membership.token, body: { ...asks, ...mine } });
      setAnswer('shown');
    } catch (error) {
      setTrouble(explain(error));
    }
  };
  return (
    <aside className="show-mine" aria-label="The class asks">
      {answer === 'shown' ? (
        <p role="status">It is shown. Nothing says that it is yours.</p>
      ) : (
        <>
          <p>Your class would like to see a refusal like yours. This, and nothing else, would be shown:</p>
          <pre className="m-code">{mine.request}</pre>
          <pre className="m-code">{mine.response}</pre>
          <p>
            <button type="button" className="btn" onClick={() => void show()}>
              Show mine
            </button>{' '}
            <button type="button" className="link" onClick={() => setAnswer('no')}>
              No
            </button>
          </p>
        </>
      )}
      {trouble && (
        <p role="alert" className="trouble">
          {trouble}
        </p>
      )}
    </aside>
  );
}
