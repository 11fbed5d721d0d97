'use client';

import { memo, useMemo } from 'react';
import { applies, elsewhere, findingsOf, phasesOf, type Report, unseenOf, type Verdict } from '#lib/live/report.ts';
import { Prose } from '../values/prose.tsx';
import { VerdictMark } from './mark.tsx';
import { OpenedRule } from './opened-rule.tsx';
import { VerdictList } from './verdict-list.tsx';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

interface ReportColumnProps {
  readonly report: Report;
  readonly open: string | null;
  readonly selected: number | null;
  readonly onOpen: (rule: string | null) => void;
  readonly onEvidence: (seq: number) => void;
  /** Puts the sandbox into a scenario; null if the reader may only look. */
  readonly onStart: ((scenario: string) => void) | null;
}

/** As many scenarios as are offered at once. */
const OFFERED = 6;

/**
 * The verdicts: the opened rule, what the scenario asks, warnings, passes by phase, and what has not been observed
 * by what to do about it.
 */
export const ReportColumn = memo(function ReportColumn({
  report,
  open,
  selected,
  onOpen,
  onEvidence,
  onStart,
}: ReportColumnProps) {
  const { verdicts, summary } = report;
  const findings = useMemo(() => findingsOf(verdicts), [verdicts]);
  const phases = useMemo(() => phasesOf(verdicts), [verdicts]);
  const unseen = useMemo(() => unseenOf(verdicts), [verdicts]);
  const opened = verdicts.find(({ rule }) => rule === open);
  const place = opened ? findings.indexOf(opened) : -1;
  const asked = summary.asked.flatMap((rule) => verdicts.find((one) => one.rule === rule) ?? []);
  const further = findings.filter((one) => one !== opened && !asked.includes(one));
  const notSeen = verdicts.filter((one) => one.verdict === 'not_observed' && applies(one)).length;
  const others = elsewhere(verdicts);
  const step = (by: 1 | -1) => {
    const next = findings[(place + by + findings.length) % findings.length];
    if (next) onOpen(next.rule);
  };
  const list = { onOpen, onEvidence };
  return (
    <>
      {opened && (
        <OpenedRule
          verdict={opened}
          report={report}
          place={place < 0 ? null : place + 1}
          of={findings.length}
          onStep={step}
          onEvidence={onEvidence}
          selected={selected}
        />
      )}
      {asked.length > 0 && (
        <section aria-label="What the scenario asks">
          <p className="gh tiny">
            <b>{report.scenarios.at(-1) ?? 'The scenario'} asks</b>
            <span>seen in</span>
          </p>
          <VerdictList verdicts={asked} {...list} />
        </section>
      )}
      {further.length > 0 && (
        <section aria-label="Other findings">
          <p className="gh tiny">
            <b>{opened ? 'Also' : 'Findings'}</b>
            <span>seen in</span>
          </p>
          <VerdictList verdicts={further} {...list} />
        </section>
      )}
      <Passes phases={phases} total={summary.pass} {...list} />
      {notSeen > 0 && (
        <section aria-label="Not observed">
          <p className="gh tiny">
            <b>{notSeen} not observed</b>
            <span>{unseen.scenarios.length > 0 ? 'to see them' : ''}</span>
          </p>
          <ul className="todo">
            {unseen.scenarios.slice(0, OFFERED).map(({ id, rules }) => (
              <li key={id}>
                <VerdictMark mark="unseen" silent />
                <span>
                  <a href={`/scenarios/${id}`}>
                    <code>{id}</code>
                  </a>
                  <small>shows {rules.length}</small>
                </span>
                {onStart && (
                  <button type="button" className="link" onClick={() => onStart(id)}>
                    Start<span className="vh"> {id}</span>
                  </button>
                )}
              </li>
            ))}
            {unseen.waiting.map((verdict) => (
              <Waits key={verdict.rule} verdict={verdict} onOpen={onOpen} />
            ))}
          </ul>
          {unseen.open.length > 0 && (
            <details className="fl">
              <summary>
                {unseen.open.length} {unseen.open.length === 1 ? 'needs' : 'need'} the run to be closed
              </summary>
              <VerdictList verdicts={unseen.open} {...list} />
            </details>
          )}
          {unseen.others.length > 0 && (
            <details className="fl">
              <summary>{unseen.others.length} had no occasion, or cannot be told here</summary>
              <VerdictList verdicts={unseen.others} {...list} />
            </details>
          )}
        </section>
      )}
      <p className="more">
        <a className="link" href="/scenarios">
          All scenarios
        </a>
        {others > 0 && (
          <span className="tiny dim">
            {others} {others === 1 ? 'rule is' : 'rules are'} for other clients
          </span>
        )}
      </p>
    </>
  );
});

const Passes = memo(function Passes({
  phases,
  total,
  onOpen,
  onEvidence,
}: {
  readonly phases: ReturnType<typeof phasesOf>;
  readonly total: number;
  readonly onOpen: (rule: string) => void;
  readonly onEvidence: (seq: number) => void;
}) {
  const soFar = phases.flatMap(({ verdicts }) => verdicts).filter((one) => one.verdict === 'pass' && one.so_far).length;
  if (total === 0) return null;
  return (
    <section aria-label="Passes">
      <p className="gh tiny">
        <b>{total} pass</b>
        <span>{soFar > 0 ? `${soFar} of them so far` : ''}</span>
      </p>
      {phases.map((phase) => {
        const { passed } = phase;
        return passed.length === 0 ? null : (
          <details key={phase.id} className="fl">
            <summary>
              <VerdictMark mark="pass" silent />
              <span>{phase.title}</span>
              <span className="num tiny dim">{passed.length}</span>
            </summary>
            <VerdictList verdicts={passed} onOpen={onOpen} onEvidence={onEvidence} />
          </details>
        );
      })}
    </section>
  );
});

function Waits({ verdict, onOpen }: { readonly verdict: Verdict; readonly onOpen: (rule: string) => void }) {
  const until = verdict.reason?.until;
  return (
    <li>
      <VerdictMark mark="unseen" silent />
      <button type="button" className="name" onClick={() => onOpen(verdict.rule)}>
        <Prose text={verdict.title} />
      </button>
      <small className="num">{until ? `until ${timeOfDay(until)}` : 'waits'}</small>
    </li>
  );
}
