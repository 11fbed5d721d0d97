import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { StillRuler } from '#components/report/still-ruler.tsx';
import { VerdictMark } from '#components/report/mark.tsx';
import { Script } from '#components/site/script.tsx';
import {
  applies,
  clientWords,
  count,
  elsewhere,
  headline,
  phasesOf,
  revisionWords,
  runWords,
  unseenOf,
} from '#lib/live/report.ts';
import { keptReport } from '#lib/server/views/kept-report.ts';
import { Finding } from './_components/finding.tsx';
import { RunPlate } from './_components/run-plate.tsx';
import { VerdictTable } from './_components/verdict-table.tsx';
import './report-page.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

const find = cache(async (id: string) => keptReport(id, (await headers()).get('host')));

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const kept = await find((await params).id);
  return {
    title: kept ? `${clientWords(kept.report)} ${headline(kept.report)}` : 'This report is gone',
    robots: { index: false },
  };
}

/** A part of the report, as its contents name it. */
interface Part {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly mark?: 'fail' | 'warn';
  /** Of how many rules it tells; 0: it is left out. */
  readonly size: number;
}

const dateWords = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** A kept report: what was judged, what was broken, with the evidence, and how to fix it. */
export default async function KeptReportPage({ params }: PageProps) {
  const kept = await find((await params).id);
  if (!kept) notFound();
  const { report, exchanges, id } = kept;
  const { summary, verdicts } = report;
  const phases = phasesOf(verdicts);
  const broken = verdicts.filter(({ verdict }) => verdict === 'fail');
  const warned = verdicts.filter(({ verdict }) => verdict === 'warn');
  const met = verdicts.filter(({ verdict }) => verdict === 'pass');
  const untested = verdicts.filter((one) => one.verdict === 'not_observed' && applies(one));
  const unseen = unseenOf(verdicts);
  const musts = summary.must.pass + summary.must.fail;
  const others = elsewhere(verdicts);
  const parts: readonly Part[] = [
    { id: 'broken', title: 'Broken', says: `${broken.length} MUST`, mark: 'fail', size: broken.length },
    { id: 'not-followed', title: 'Not followed', says: `${warned.length} SHOULD`, mark: 'warn', size: warned.length },
    { id: 'met', title: 'Met', says: `${met.length}, of them ${summary.must.pass} MUST`, size: met.length },
    { id: 'not-tested', title: 'Not tested', says: String(untested.length), size: untested.length },
    { id: 'judged', title: 'How it was judged', says: 'client, run, version', size: 1 },
  ];
  const shown = parts.filter(({ size }) => size > 0);
  const number = (part: string) => shown.findIndex(({ id: one }) => one === part) + 1;
  const href = (rule: string) => `#rule-${rule}`;
  const formats = [
    ['json', 'JSON'],
    ['junit', 'JUnit'],
    ['ctrf', 'CTRF'],
    ['markdown', 'Markdown'],
  ] as const;
  return (
    <>
      <section className="kr-bar ui" aria-label="This report">
        <p>
          <b>Kept report</b>
          {kept.madeAt && `, made ${dateWords(kept.madeAt)}`}
          {kept.expiresAt && `. Kept until ${dateWords(kept.expiresAt)}`}.
        </p>
        <p className="kr-ways">
          {formats.map(([format, label]) => (
            <a key={format} className="link" href={`/api/reports/${id}?format=${format}`}>
              {label}
            </a>
          ))}
          <button type="button" className="btn" data-print="">
            Print
          </button>
          <button type="button" className="btn" data-copy="">
            Copy link
            <span className="vh" role="status" />
          </button>
        </p>
      </section>
      <div className="kr">
        <nav className="kr-rail" aria-label="Parts of the report">
          <ol>
            {shown.map(({ id: part, title, says, mark }) => (
              <li key={part}>
                <a href={`#${part}`}>
                  {title}
                  <small className={`tiny${mark === 'fail' ? ' fault' : ''}`}>
                    {mark && <VerdictMark mark={mark} silent />} {says}
                  </small>
                </a>
              </li>
            ))}
          </ol>
          <p className="kr-badge">
            {/* biome-ignore lint/performance/noImgElement: an SVG of our own API, as it is embedded elsewhere */}
            <img src={`/api/reports/${id}/badge.svg`} alt={`authwalk, ${summary.must.pass} of ${musts} MUST`} />
          </p>
        </nav>
        <main id="main" className="kr-main">
          <h1 className="title">
            <b className="client">{clientWords(report)}</b> {headline(report)}.
          </h1>
          <div className="kr-lede">
            <p className="lede">
              {musts > 0 ? (
                <>
                  It met{' '}
                  <b>
                    {summary.must.pass} of the {musts}
                  </b>{' '}
                  requirements that it MUST meet in this run
                  {summary.fail > 0 ? `, and broke ${count(summary.fail)}` : ''}
                  {warned.length === 0
                    ? ''
                    : `. It did not follow ${count(warned.length)} ` +
                      `recommendation${warned.length === 1 ? '' : 's'}`}
                  .
                </>
              ) : (
                'Nothing was observed that a rule could judge.'
              )}
            </p>
            <p className="kr-note">
              A <i>client</i> is a program that uses a server for you. An <i>authorization server</i> asks you first,
              then gives the client a token. MCP and OAuth say how; this report compares.
            </p>
          </div>
          <section aria-labelledby="fig-1">
            <header className="figh">
              <span className="fign">Fig. 1</span>
              <h2 id="fig-1">Every rule that was looked at</h2>
              <span className="cap">one tick each, in the order of a sign-in</span>
            </header>
            <div className="kr-ruler">
              <StillRuler phases={phases} href={href} />
            </div>
            <ul className="kr-key tiny">
              <li>
                <VerdictMark mark="fail" silent /> broken
              </li>
              <li>
                <VerdictMark mark="warn" silent /> recommendation not followed
              </li>
              <li>
                <VerdictMark mark="pass" silent /> met
              </li>
              <li>
                <VerdictMark mark="unseen" silent /> not tested
              </li>
            </ul>
          </section>
          {broken.length > 0 && (
            <div id="broken">
              {broken.map((verdict, index) => (
                <Finding
                  key={verdict.rule}
                  number={number('broken')}
                  figure={index + 2}
                  verdict={verdict}
                  exchange={exchanges.find(({ seq }) => seq === verdict.evidence[0]?.seq)}
                />
              ))}
            </div>
          )}
          {warned.length > 0 && (
            <section aria-labelledby="not-followed">
              <header className="figh">
                <span className="fign">{number('not-followed')}</span>
                <h2 id="not-followed">
                  <VerdictMark mark="warn" silent />{' '}
                  {warned.length === 1 ? 'One recommendation was' : `${warned.length} recommendations were`} not
                  followed
                </h2>
              </header>
              <VerdictTable verdicts={warned} />
            </section>
          )}
          {met.length > 0 && (
            <section aria-labelledby="met">
              <header className="figh">
                <span className="fign">{number('met')}</span>
                <h2 id="met">{met.length} were met</h2>
                <span className="cap">the number is the exchange that shows it</span>
              </header>
              <div className="kr-two">
                {phases.map((phase) => {
                  const own = phase.verdicts.filter(({ verdict }) => verdict === 'pass');
                  return own.length === 0 ? null : (
                    <div key={phase.id}>
                      <h3 className="ui">{phase.title}</h3>
                      <VerdictTable verdicts={own} brief />
                    </div>
                  );
                })}
              </div>
            </section>
          )}
          {untested.length > 0 && (
            <section aria-labelledby="not-tested">
              <header className="figh">
                <span className="fign">{number('not-tested')}</span>
                <h2 id="not-tested">{untested.length} were not tested</h2>
                <span className="cap">nothing is held against a client for what did not happen</span>
              </header>
              {unseen.scenarios.length > 0 && (
                <p className="kr-text">
                  These scenarios would show most of them:{' '}
                  {unseen.scenarios.slice(0, 8).map((scenario, index) => (
                    <span key={scenario.id}>
                      {index > 0 && ', '}
                      <a href={`/scenarios/${scenario.id}`}>
                        <code>{scenario.id}</code>
                      </a>{' '}
                      ({scenario.rules.length})
                    </span>
                  ))}
                  .
                </p>
              )}
              <details className="kr-fold">
                <summary>All of them, with the reason</summary>
                <VerdictTable verdicts={untested} />
              </details>
            </section>
          )}
          <section aria-labelledby="judged">
            <header className="figh">
              <span className="fign">{number('judged')}</span>
              <h2 id="judged">How it was judged</h2>
            </header>
            <dl className="kr-facts">
              <div>
                <dt>Client</dt>
                <dd>
                  {clientWords(report)}
                  {report.client && report.client.user_agents.length > 0 && `, ${report.client.user_agents.join(', ')}`}
                </dd>
              </div>
              <div>
                <dt>As</dt>
                <dd>
                  {revisionWords(report.revision.value)}
                  {report.revision.by === 'asked' && ', as asked'}
                </dd>
              </div>
              <div>
                <dt>Run</dt>
                <dd>{runWords(report)}</dd>
              </div>
              <div>
                <dt>On purpose</dt>
                <dd>
                  {report.scenarios.length === 0
                    ? 'nothing: the server followed the specifications'
                    : report.scenarios.map((scenario, index) => (
                        <span key={scenario}>
                          {index > 0 && ', '}
                          {scenario === 'custom' ? (
                            'knobs without a scenario'
                          ) : (
                            <a href={`/scenarios/${scenario}`}>
                              <code>{scenario}</code>
                            </a>
                          )}
                        </span>
                      ))}
                </dd>
              </div>
              <div>
                <dt>Catalogue</dt>
                <dd>
                  version {report.catalogue.version}, {report.catalogue.rules} rules
                  {others > 0 && `; ${others} of them are for other clients`}
                </dd>
              </div>
            </dl>
          </section>
        </main>
        <aside className="kr-plate" aria-label="The run">
          {exchanges.length > 0 && <RunPlate exchanges={exchanges} verdicts={verdicts} />}
          <a className="go" href="/sandbox">
            Test your own client like this
          </a>
          <p className="kr-address tiny">
            {kept.url}
            {kept.expiresAt && `. Kept until ${dateWords(kept.expiresAt)}.`}
          </p>
          <p className="cap">You get an address. Point your client at it, and the same page fills in. No account.</p>
        </aside>
      </div>
      <Script src="/pages.js" />
      <Script src="/leaders.js" />
    </>
  );
}
