'use client';

import { issueText, markOf, markWords, type Report, type Verdict } from '#lib/live/report.ts';
import { CopyWords } from '../values/copy.tsx';
import { Icon } from '../values/glyph.tsx';
import { ClauseLink, Prose } from '../values/prose.tsx';
import { Evidence } from './evidence.tsx';
import { VerdictMark } from './mark.tsx';
import './report.css';

interface OpenedRuleProps {
  readonly verdict: Verdict;
  readonly report: Report;
  /** Its place among the findings, from 1; null if it is none. */
  readonly place: number | null;
  readonly of: number;
  readonly onStep: (by: 1 | -1) => void;
  /** null: the exchanges are not on this page. */
  readonly onEvidence: ((seq: number) => void) | null;
  readonly selected: number | null;
  /** Between the clause and the evidence. */
  readonly children?: React.ReactNode;
}

/** One rule, opened: what happened, the clause, the evidence, why it matters, and how to fix it. */
export function OpenedRule({ verdict, report, place, of, onStep, onEvidence, selected, children }: OpenedRuleProps) {
  const mark = markOf(verdict);
  const id = `rule-${verdict.rule}`;
  const judged = verdict.verdict === 'fail' || verdict.verdict === 'warn';
  return (
    <article className={`rule on${judged ? ' bad' : ''}`} id={id} aria-labelledby={`${id}-h`}>
      <header>
        <VerdictMark mark={mark} />
        <h3 id={`${id}-h`} tabIndex={-1}>
          <Prose text={(judged && verdict.says) || verdict.title} />
        </h3>
      </header>
      <p className="rid tiny">
        <code>{verdict.rule}</code>
        <b>{verdict.in_force ?? verdict.level}</b>
        {!judged && <span>{markWords[mark]}</span>}
        {place !== null && of > 1 && (
          <span className="nav num">
            {place} of {of}
            <button type="button" aria-label="The finding before (K)" onClick={() => onStep(-1)}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M10 3.5 5.5 8l4.5 4.5" />
              </svg>
            </button>
            <button type="button" aria-label="The next finding (J)" onClick={() => onStep(1)}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="m6 3.5 4.5 4.5L6 12.5" />
              </svg>
            </button>
          </span>
        )}
      </p>
      <p className="src tiny">
        {verdict.clauses.map((clause) => (
          <ClauseLink key={clause.url} label={`${clause.doc}, ${clause.section}`} url={clause.url} />
        ))}
      </p>
      {children}
      <Evidence evidence={verdict.evidence} judged={judged} onEvidence={onEvidence} selected={selected} />
      <dl>
        {verdict.verdict === 'pass' && verdict.says && <Said word="Here" text={verdict.says} />}
        {verdict.reason && <Said word="Open" text={verdict.reason.says} />}
        {verdict.why && <Said word="Why" text={verdict.why} />}
        {judged && verdict.fix && <Said word="Fix" text={verdict.fix} />}
        {verdict.reason?.fits && verdict.reason.scenarios.length > 0 && (
          <>
            <dt>Shown by</dt>
            <dd>
              {verdict.reason.scenarios.map((scenario, index) => (
                <span key={scenario}>
                  {index > 0 && ', '}
                  <a href={`/scenarios/${scenario}`}>
                    <code>{scenario}</code>
                  </a>
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {judged && (
        <div className="acts">
          <CopyWords text={() => issueText(verdict, report)}>
            <Icon name="copy" />
            Copy as issue
          </CopyWords>
          <a className="btn" href={`/reference/rules#rule-${verdict.rule}`}>
            The rule
          </a>
        </div>
      )}
    </article>
  );
}

function Said({ word, text }: { readonly word: string; readonly text: string }) {
  return (
    <>
      <dt>{word}</dt>
      <dd>
        <Prose text={text} />
      </dd>
    </>
  );
}
