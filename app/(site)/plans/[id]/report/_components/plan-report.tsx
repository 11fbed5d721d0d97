'use client';

import { useEffect, useState } from 'react';
import { Trouble } from '#components/controls/trouble.tsx';
import { Stray } from '#components/site/stray.tsx';
import { explain } from '#lib/client/request.ts';
import { browserStorage, keepPlanReport, readPlanReports } from '#lib/guide/storage.ts';
import { isPlanResult, type PlanReport, type PlanResult, resultOf } from '#lib/live/compare.ts';
import type { RailGroup } from '../../_components/plan-rail.tsx';
import { usePlan } from '../../_components/use-plan.ts';
import { Matrix } from './matrix.tsx';

/** The report of a plan, beside the last one that this browser keeps. */
export function PlanReportView({ id, groups }: { readonly id: string; readonly groups: readonly RailGroup[] }) {
  const { control, access } = usePlan(id);
  const [report, setReport] = useState<PlanReport | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [kept, setKept] = useState<readonly PlanResult[]>([]);
  const [beside, setBeside] = useState<PlanResult | null>(null);
  useEffect(() => {
    const others = readPlanReports(browserStorage()).filter(isPlanResult);
    const own = others.filter((one) => one.plan !== id);
    setKept(own);
    setBeside((before) => before ?? own[0] ?? null);
  }, [id]);
  useEffect(() => {
    if (!control) return;
    control.call<PlanReport>('GET', '/report').then(
      (told) => {
        setReport(told);
        keepPlanReport(browserStorage(), resultOf(told, id));
      },
      (error: unknown) => setTrouble(explain(error)),
    );
  }, [control, id]);

  if (access === 'closed' || access === 'gone')
    return (
      <Stray
        title={access === 'gone' ? 'This plan is over.' : 'This report is for the owner of its plan.'}
        ways={
          <>
            <a className="btn" href="/scenarios">
              Start another
            </a>
            <a className="btn" href="/compare">
              Compare two files
            </a>
          </>
        }
      >
        <p className="lede">
          {access === 'gone'
            ? 'It was ended, or its time is over; its sandboxes and its report are gone with it.'
            : 'Open the link of the plan first: it holds the control token.'}
        </p>
      </Stray>
    );
  if (!report)
    return (
      <Stray
        title="Report of a plan"
        ways={
          trouble !== null && (
            <a className="btn" href={`/plans/${id}`}>
              Go on with the plan
            </a>
          )
        }
      >
        {trouble === null ? (
          <p className="cap" role="status">
            Reading the report.
          </p>
        ) : (
          <Trouble says={trouble} />
        )}
      </Stray>
    );
  return (
    <Matrix
      report={report}
      now={resultOf(report, id)}
      kept={kept}
      beside={beside}
      onBeside={setBeside}
      groups={groups}
    />
  );
}
