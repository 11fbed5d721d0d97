'use client';

import { useMemo, useState } from 'react';
import { Figures } from '#components/report/figures.tsx';
import { VerdictMark } from '#components/report/mark.tsx';
import { OpenedRule } from '#components/report/opened-rule.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { firstFork } from '#lib/live/fork.ts';
import { type Difference, differences, type PlanReport, type PlanResult } from '#lib/live/compare.ts';
import { applies, clientWords, count, headline, phasesOf, type Report, revisionWords } from '#lib/live/report.ts';
import type { RailGroup } from '../../_components/plan-rail.tsx';
import { Beside, when } from './beside.tsx';
import { Fork } from './fork.tsx';
import { MirrorRuler, markName } from './mirror-ruler.tsx';
import { ScenarioIndex } from './scenario-index.tsx';

interface MatrixProps {
  readonly report: PlanReport;
  /** The same, as results are compared and kept. */
  readonly now: PlanResult;
  /** Results of other runs that this browser keeps. */
  readonly kept: readonly PlanResult[];
  readonly beside: PlanResult | null;
  readonly onBeside: (result: PlanResult | null) => void;
  readonly groups: readonly RailGroup[];
  /** Changes the two places; absent: the other run is only known by its result. */
  readonly onSwap?: (() => void) | undefined;
}

/** Rules by scenarios, this run beside another: the first difference first. */
export function Matrix({ report, now, kept, beside, onBeside, groups, onSwap }: MatrixProps) {
  const [open, setOpen] = useState<string | null>(null);
  const found = useMemo(() => (beside ? differences(report.verdicts, beside) : []), [report, beside]);
  const phases = useMemo(() => phasesOf(report.verdicts), [report]);
  const findings = ['fail', 'warn'].flatMap((word) => report.verdicts.filter(({ verdict }) => verdict === word));
  const rule = open ?? found[0]?.rule ?? findings[0]?.rule ?? null;
  const opened = report.verdicts.find((one) => one.rule === rule) ?? null;
  const difference = found.find((one) => one.rule === rule) ?? null;
  const lit = new Set(opened?.evidence.flatMap(({ scenario }) => scenario ?? []) ?? []);
  const parted = difference && beside?.paths && now.paths ? firstFork(beside.paths, now.paths, lit) : null;
  const unseen = report.verdicts.filter((one) => one.verdict === 'not_observed' && applies(one)).length;
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
      <p className="lede">{ledeOf(now, beside, found)}</p>
      <Beside now={now} kept={kept} beside={beside} onBeside={onBeside} onSwap={onSwap} />
      <section aria-labelledby="fig-1" className="rband">
        <header className="figh">
          <span className="fign">Fig. 1</span>
          <h2 id="fig-1">{beside ? 'Every rule, both runs' : 'Every rule'}</h2>
          <span className="cap">
            {beside
              ? 'this run above the line, the other below; letters mark what differs'
              : revisionWords(now.revision)}
          </span>
          <Figures summary={report.summary} unseen={unseen} />
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
              <OpenedRule
                verdict={opened}
                report={report as Report}
                place={null}
                of={0}
                onStep={() => undefined}
                onEvidence={null}
                selected={null}
              >
                {difference && beside && !parted && (
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
              </OpenedRule>
              {lit.size > 0 && (
                <pre className="m-code matrix-command">npx authwalk check -s {[...lit][0]} -- node ./my-client.js</pre>
              )}
            </>
          )}
        </div>
      </section>
      <ScenarioIndex groups={groups} now={now} beside={beside} lit={lit} letters={lettersOf(found)} onOpen={setOpen} />
    </main>
  );
}

/** Which scenarios, and how much of them has changed. */
function ledeOf(now: PlanResult, beside: PlanResult | null, found: readonly Difference[]): string {
  const run = Object.keys(now.scenarios);
  const scenarios = `${run.length} ${run.length === 1 ? 'scenario' : 'scenarios'}`;
  if (beside === null) return `${scenarios}. Choose another run, and this page says what differs.`;
  const both = run.filter((scenario) => beside.scenarios[scenario] !== undefined);
  const same = both.filter((scenario) => beside.scenarios[scenario] === now.scenarios[scenario]).length;
  const rules =
    found.length === 0
      ? 'Every rule has the same verdict.'
      : `${found.length === 1 ? 'One rule differs' : `${found.length} rules differ`}; what got worse comes first.`;
  if (both.length === 0) return `The runs have no scenario in common. ${rules}`;
  return `${both.length} of ${scenarios} ran in both; ${same} of them ended alike. ${rules}`;
}

/** The letters of the differences by scenario, the first of each. */
function lettersOf(found: readonly Difference[]): ReadonlyMap<string, Difference> {
  const letters = new Map<string, Difference>();
  for (const one of found)
    for (const { scenario } of one.verdict.evidence)
      if (scenario !== undefined && !letters.has(scenario)) letters.set(scenario, one);
  return letters;
}
