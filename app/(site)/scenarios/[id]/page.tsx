import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { VerdictMark } from '#components/report/mark.tsx';
import { Script } from '#components/site/script.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { rules } from '#lib/coach/rules/index.ts';
import { scenarioView } from '#lib/server/views/scenarios.ts';
import { LastRun } from './_components/last-run.tsx';
import { RunIt } from './_components/run-it.tsx';
import { WirePlate } from './_components/wire-plate.tsx';
import '#components/site/find.css';
import '../scenarios.css';

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const view = scenarioView((await params).id);
  return view ? { title: view.title.replaceAll('`', ''), description: view.does.replaceAll('`', '') } : {};
}

const versionWords = (versions: readonly string[]): string =>
  versions.map((version) => (version === 'oauth' ? 'OAuth without MCP' : `MCP ${version}`)).join(', ');

/** One scenario: what the server does, what a client must do, how it is judged, and how to run it. */
export default async function Scenario({ params }: PageProps) {
  const view = scenarioView((await params).id);
  if (!view) notFound();
  const judges = view.judgedBy.flatMap((id) => rules.find((rule) => rule.id === id) ?? []);
  const knobs = Object.entries(view.config);
  return (
    <div className="scn one">
      <nav className="scn-rail" aria-label={view.groupTitle}>
        <p className="tiny">
          <a href="/scenarios">All scenarios</a>
        </p>
        <p className="scn-group">
          {view.groupTitle} <span className="tiny dim">{view.siblings.length}</span>
        </p>
        <ul>
          {view.siblings.map((one) => (
            <li key={one.id}>
              <a href={`/scenarios/${one.id}`} aria-current={one.id === view.id ? 'page' : undefined}>
                <Prose text={one.title} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" className="scn-main">
        <h1 className="title">
          <Prose text={view.title} />
        </h1>
        <p className="scn-meta tiny">
          <code>{view.id}</code>
          <span>{view.level === 'none' ? 'no clause demands one behaviour' : view.level}</span>
          <span>{versionWords(view.versions)}</span>
          {view.conformance && (
            <span>
              in the MCP conformance suite: <code>{view.conformance}</code>
            </span>
          )}
        </p>
        <p className="lede">
          <Prose text={view.does} />
        </p>
        {view.here ? (
          <div className="scn-go">
            <button type="button" className="go" data-start={view.id}>
              Start a sandbox like this
              <kbd>
                <Icon name="enter" />
              </kbd>
            </button>
            <p className="cap">You get an address for your client. What arrives is shown and judged as it arrives.</p>
          </div>
        ) : (
          <p className="scn-why">
            <b>It cannot run on this origin.</b> <Prose text={view.why ?? ''} />
          </p>
        )}
        <p className="vh" role="alert" data-trouble="" />

        <LastRun id={view.id} />
        <section aria-labelledby="expect-h">
          <header className="figh">
            <h2 id="expect-h">What to expect</h2>
          </header>
          <div className="scn-two">
            <div>
              <h3 className="ui">
                <VerdictMark mark="pass" silent /> A conforming client
              </h3>
              <p>
                <Prose text={view.conformingClient} />
              </p>
            </div>
            {view.commonMistakes.length > 0 && (
              <div>
                <h3 className="ui">
                  <VerdictMark mark="fail" silent /> Common mistakes
                </h3>
                <ul>
                  {view.commonMistakes.map((mistake) => (
                    <li key={mistake}>
                      <Prose text={mistake} />
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </div>
        </section>

        <section aria-labelledby="judged-h">
          <header className="figh">
            <h2 id="judged-h">How it is judged</h2>
            <span className="cap">
              {view.id === 'conforming'
                ? 'by every rule that it gives occasion for'
                : judges.length === 0
                  ? 'by no rule'
                  : judges.length === 1
                    ? 'one rule is about this scenario; the others run along'
                    : `${judges.length} rules are about this scenario; the others run along`}
            </span>
          </header>
          {view.notJudged && (
            <p>
              <Prose text={`${view.notJudged.why} ${view.notJudged.look}`} />
            </p>
          )}
          {judges.map((rule) => (
            <article key={rule.id} className="scn-rule">
              <h3>
                <a href={`/reference/rules#rule-${rule.id}`}>
                  <Prose text={rule.title} />
                </a>{' '}
                <span className="tiny dim">
                  <code>{rule.id}</code> {rule.level}
                </span>
              </h3>
              <dl>
                <div>
                  <dt>
                    <VerdictMark mark="pass" silent /> Pass
                  </dt>
                  <dd>
                    <Prose text={rule.pass} />
                  </dd>
                </div>
                <div>
                  <dt>
                    <VerdictMark mark={rule.level === 'MUST' ? 'fail' : 'warn'} silent />{' '}
                    {rule.level === 'MUST' ? 'Fail' : 'Warning'}
                  </dt>
                  <dd>
                    <Prose text={rule.fail} />
                  </dd>
                </div>
              </dl>
            </article>
          ))}
        </section>

        <RunIt id={view.id} here={view.here} />

        <section aria-labelledby="facts-h">
          <header className="figh">
            <h2 id="facts-h">Facts</h2>
          </header>
          <dl className="scn-facts">
            <div>
              <dt>Knobs</dt>
              <dd>
                {knobs.length === 0
                  ? 'all at their defaults'
                  : knobs.map(([name, value]) => (
                      <code key={name} className="scn-knob">
                        {name}: {JSON.stringify(value)}
                      </code>
                    ))}
              </dd>
            </div>
            <div>
              <dt>You do</dt>
              <dd>
                <Prose text={view.drive.join(', then ')} />
              </dd>
            </div>
            {view.waits > 0 && (
              <div>
                <dt>Takes</dt>
                <dd>at least {view.waits} s</dd>
              </div>
            )}
            {view.noRun && (
              <div>
                <dt>No plate</dt>
                <dd>
                  <Prose text={view.noRun} />
                </dd>
              </div>
            )}
            {view.feature && (
              <div>
                <dt>For clients with</dt>
                <dd>{view.feature}</dd>
              </div>
            )}
            <div>
              <dt>Clauses</dt>
              <dd>
                {view.spec.map((clause) => (
                  <span key={`${clause.url} ${clause.section}`} className="scn-clause">
                    <ClauseLink label={`${clause.doc}, ${clause.section}`} url={clause.url} />
                  </span>
                ))}
              </dd>
            </div>
          </dl>
        </section>
        <p className="scn-ends ui">
          {view.before ? (
            <a href={`/scenarios/${view.before.id}`}>
              <Prose text={view.before.title} />
            </a>
          ) : (
            <span />
          )}
          {view.after && (
            <a href={`/scenarios/${view.after.id}`}>
              <Prose text={view.after.title} />
            </a>
          )}
        </p>
      </main>
      {view.run && (
        <aside className="scn-plate" aria-label="The wire of this scenario">
          <WirePlate run={view.run} />
        </aside>
      )}
      <Script src="/pages.js" />
    </div>
  );
}
