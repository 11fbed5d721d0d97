'use client';

import { useEffect, useMemo, useState } from 'react';
import { Trouble } from '#components/controls/trouble.tsx';
import { VerdictMark } from '#components/report/mark.tsx';
import { OpenedRule } from '#components/report/opened-rule.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { explain } from '#lib/client/request.ts';
import { browserStorage, keepPlanReport, readPlanReports } from '#lib/guide/storage.ts';
import { firstFork } from '#lib/live/fork.ts';
import { differences, isPlanResult, type PlanReport, type PlanResult, resultOf } from '#lib/live/compare.ts';
import { clientWords, count, headline, phasesOf, type Report, revisionWords } from '#lib/live/report.ts';
import type { RailGroup } from '../../_components/plan-rail.tsx';
import { usePlan } from '../../_components/use-plan.ts';
import { Beside, when } from './beside.tsx';
import { Fork } from './fork.tsx';
import { MirrorRuler, markName } from './mirror-ruler.tsx';
import { ScenarioIndex } from './scenario-index.tsx';

/** Rules by scenarios, this run beside another: the first difference first. */
export function Matrix({ id, groups }: { readonly id: string; readonly groups: readonly RailGroup[] }) {
  const { control, access } = usePlan(id);
  const [report, setReport] = useState<PlanReport | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [kept, setKept] = useState<readonly PlanResult[]>([]);
  const [beside, setBeside] = useState<PlanResult | null>(null);
  const [open, setOpen] = useState<string | null>(null);
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
  const found = useMemo(() => (report && beside ? differences(report.verdicts, beside) : []), [report, beside]);
  const phases = useMemo(() => (report ? phasesOf(report.verdicts) : []), [report]);

  if (access === 'closed' || access === 'gone')
    return (
      <main id="main" className="sheet-page stray">
        <h1 className="title">This report is for the owner of its plan.</h1>
        <p className="lede">Open the link of the plan first: it holds the control token.</p>
      </main>
    );
  if (!report)
    return (
      <main id="main" className="sheet-page stray">
        <h1 className="title">Report of a plan</h1>
        {trouble === null ? (
          <p className="cap" role="status">
            Reading the report.
          </p>
        ) : (
          <>
            <Trouble says={trouble} />
            <p className="stray-ways">
              <a className="btn" href={`/plans/${id}`}>
                Go on with the plan
              </a>
            </p>
          </>
        )}
      </main>
    );
  const now = resultOf(report, id);
  const findings = report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const rule = open ?? found[0]?.rule ?? findings[0]?.rule ?? null;
  const opened = report.verdicts.find((one) => one.rule === rule) ?? null;
  const difference = found.find((one) => one.rule === rule) ?? null;
  const lit = new Set(opened?.evidence.flatMap(({ scenario }) => scenario ?? []) ?? []);
  const parted = difference && beside?.paths && now.paths ? firstFork(beside.paths, now.paths, lit) : null;
  const worse = found.filter((one) => one.worse);
  const better = found.filter((one) => !one.worse);
  return (
    <main id="main" className="matrix">
      <h1 className="title">
        <b className="client">{clientWords(report)}</b>{' '}
        {beside === null
          ? `${headline(report)}.`
          : found.length === 0
            ? 'does what it did before.'
            : `${[
                better.length > 0 ? `fixes ${count(better.length)}` : '',
                worse.length > 0 ? `breaks ${count(worse.length)}` : '',
              ]
                .filter(Boolean)
                .join(', ')}.`}
      </h1>
      <Beside now={now} kept={kept} beside={beside} onBeside={setBeside} />
      <section aria-labelledby="fig-1" className="rband">
        <header className="figh">
          <span className="fign">Fig. 1</span>
          <h2 id="fig-1">{beside ? 'Every rule, both runs' : 'Every rule'}</h2>
          <span className="cap">
            {beside
              ? 'this run above the line, the other below; letters mark what differs'
              : revisionWords(now.revision)}
          </span>
        </header>
        <MirrorRuler phases={phases} beside={beside} differences={found} open={rule} onOpen={setOpen} />
      </section>
      <section aria-labelledby="fig-2" className="matrix-two">
        <div>
          <header className="figh">
            <span className="fign">Fig. 2</span>
            <h2 id="fig-2">{beside ? 'Where they differ' : 'What was found'}</h2>
          </header>
          {beside && found.length === 0 && (
            <p className="cap">Nowhere: every rule has the same verdict in both runs.</p>
          )}
          {[
            ['worse', worse],
            ['better', better],
          ].map(([word, list]) =>
            (list as typeof found).length === 0 ? null : (
              <div key={word as string}>
                <p className="tiny dim">{word as string}</p>
                <ul className="matrix-list">
                  {(list as typeof found).map((one) => (
                    <li key={one.rule}>
                      <button type="button" aria-pressed={one.rule === rule} onClick={() => setOpen(one.rule)}>
                        <i>{one.letter}</i>
                        <VerdictMark mark={markName(one.before)} />
                        <Icon name="arrow" />
                        <VerdictMark mark={markName(one.now)} />
                        <span>
                          <Prose text={one.verdict.title} />
                          <small className="tiny">
                            <code>{one.rule}</code> {one.verdict.level}
                          </small>
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              </div>
            ),
          )}
          {!beside && (
            <ul className="matrix-list">
              {findings.map((one) => (
                <li key={one.rule}>
                  <button type="button" aria-pressed={one.rule === rule} onClick={() => setOpen(one.rule)}>
                    <i />
                    <VerdictMark mark={markName(one.verdict)} />
                    <span>
                      <Prose text={one.title} />
                      <small className="tiny">
                        <code>{one.rule}</code> {one.level}
                      </small>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div>
          {opened && (
            <>
              {difference && beside && (
                <p className="matrix-says">
                  <VerdictMark mark={markName(difference.before)} /> {beside.client}, {when(beside.at)}, then{' '}
                  <VerdictMark mark={markName(difference.now)} /> now
                </p>
              )}
              {parted && difference && beside && (
                <Fork
                  scenario={parted.scenario}
                  fork={parted.fork}
                  before={{ client: beside.client, when: when(beside.at), mark: markName(difference.before) }}
                  now={{ client: clientWords(report), when: when(now.at), mark: markName(difference.now) }}
                />
              )}
              <OpenedRule
                verdict={opened}
                report={report as Report}
                place={null}
                of={0}
                onStep={() => undefined}
                onEvidence={() => undefined}
                selected={null}
              />
              {lit.size > 0 && (
                <pre className="m-code matrix-command">npx authwalk check -s {[...lit][0]} -- node ./my-client.js</pre>
              )}
            </>
          )}
        </div>
      </section>
      <ScenarioIndex groups={groups} now={now} beside={beside} lit={lit} />
    </main>
  );
}
