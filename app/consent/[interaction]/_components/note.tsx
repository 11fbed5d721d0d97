import type { ReactNode } from 'react';
import { ClauseLink } from '#components/values/prose.tsx';
import type { Party } from '#lib/exchange/types.ts';

interface NoteProps {
  readonly hand: Party;
  readonly lemma: string;
  readonly className: string;
  readonly clause?: { readonly label: string; readonly url: string };
  readonly children: ReactNode;
}

/** A note in the margin, opened by its lemma; under its section where there is no margin. */
export function Note({ hand, lemma, className, clause, children }: NoteProps) {
  return (
    <p className={`nt ${hand} ${className}`}>
      <b className="m">{lemma}</b> {children}
      {clause && (
        <>
          {' '}
          <ClauseLink label={clause.label} url={clause.url} />
        </>
      )}
    </p>
  );
}
