'use client';

import { memo } from 'react';
import { markOf, type Verdict } from '#lib/live/report.ts';
import { Prose } from '../values/prose.tsx';
import { VerdictMark } from './mark.tsx';
import './report.css';

interface VerdictListProps {
  readonly verdicts: readonly Verdict[];
  readonly onOpen: (rule: string) => void;
  readonly onEvidence: (seq: number) => void;
}

/** Rules as rows: mark, title, level, and the exchange that shows it. */
export const VerdictList = memo(function VerdictList({ verdicts, onOpen, onEvidence }: VerdictListProps) {
  return (
    <ul className="rules">
      {verdicts.map((verdict) => {
        const seq = verdict.evidence[0]?.seq;
        return (
          <li key={verdict.rule}>
            <VerdictMark mark={markOf(verdict)} />
            <button type="button" className="name" onClick={() => onOpen(verdict.rule)}>
              <Prose text={verdict.title} />
            </button>
            <em>{verdict.in_force ?? verdict.level}</em>
            {seq === undefined ? (
              <span />
            ) : (
              <button type="button" className="seen num" aria-label={`exchange ${seq}`} onClick={() => onEvidence(seq)}>
                {seq}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
});
