import type { Metadata } from 'next';
import { VerdictMark } from '#components/report/mark.tsx';
import { Script } from '#components/site/script.tsx';
import { Prose } from '#components/values/prose.tsx';
import { SYNONYMS } from '#lib/live/scenarios.ts';
import { scenarioSections } from '#lib/server/views/scenarios.ts';
import '#components/site/find.css';
import './scenarios.css';

export const metadata: Metadata = {
  title: 'Scenarios',
  description:
    'Ways in which an authorization server can behave, good ones and bad ones. Start one, and test your client.',
};

const LATEST = '2026-07-28';
const filters = [
  ['MUST', 'that a MUST asks for'],
  ['suite', 'of the conformance suite'],
  [`v-${LATEST}`, `for MCP ${LATEST}`],
  ['v-oauth', 'without MCP'],
  ['here', 'that run on this origin'],
] as const;

/** How the reader's last run of a scenario ended. */
const runs = [
  ['fail', 'failed'],
  ['warn', 'warned'],
  ['pass', 'passed'],
  ['unseen', 'not observed'],
  ['none', 'not run'],
] as const;

/** All scenarios: searched, filtered, and started. */
export default function Scenarios() {
  const sections = scenarioSections();
  const all = sections.flatMap(({ entries }) => entries);
  const tagged = all.map((entry) => tagsOf(entry));
  return (
    <main id="main" className="scn all">
      <header className="scn-head">
        <h1 className="title">Scenarios</h1>
        <p className="lede">
          {all.length} ways in which a server can behave, good ones and bad ones. Start one, and a sandbox behaves like
          that until you change it. Then see what your client does.
        </p>
        <label className="find">
          <span className="vh">Find a scenario</span>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="7" cy="7" r="4.5" />
            <path d="m10.5 10.5 3.5 3.5" />
          </svg>
          <input
            type="search"
            data-find="scenarios"
            data-synonyms={JSON.stringify(SYNONYMS)}
            placeholder="What should go wrong? expired, 403, wrong issuer, Entra …"
          />
          <kbd title="Press / to search">/</kbd>
        </label>
        <p className="ui found">
          <span role="status">
            <b data-found="">{all.length}</b> of {all.length}
          </span>
          <button type="button" className="link" data-plan="">
            Run them all by hand
          </button>
          <a className="link" href="/compare">
            Compare two runs
          </a>
          <span>
            or by command: <code>npx authwalk check -- node ./my-client.js</code>
          </span>
        </p>
        <p className="vh" role="alert" data-trouble="" />
      </header>
      <nav className="scn-rail" aria-label="Groups and filters">
        <p className="tiny dim">Group</p>
        <ul>
          {sections.map((section) => (
            <li key={section.id}>
              <a href={`#${section.id}`}>{section.title}</a>{' '}
              <span className="tiny dim num">{section.entries.length}</span>
            </li>
          ))}
        </ul>
        <fieldset>
          <legend className="tiny dim">Only those</legend>
          {filters.map(([tag, words]) => (
            <label key={tag}>
              <input type="checkbox" data-filter={tag} />
              <span>{words}</span>
              <span className="tiny dim num">{tagged.filter((tags) => tags.includes(tag)).length}</span>
            </label>
          ))}
        </fieldset>
        <fieldset data-runs="" hidden>
          <legend className="tiny dim">Your last runs</legend>
          {runs.map(([mark, words]) => (
            <label key={mark}>
              <input type="checkbox" data-filter={`run-${mark}`} />
              <span>
                <VerdictMark mark={mark === 'none' ? 'not-run' : mark} silent /> {words}
              </span>
              <span className="tiny dim num" data-runs-of={mark} />
            </label>
          ))}
        </fieldset>
        {runs.map(([mark]) =>
          mark === 'none' ? null : (
            <template key={mark} data-mark={mark}>
              <VerdictMark mark={mark} />
            </template>
          ),
        )}
      </nav>
      <div className="scn-main">
        <div id="scenarios">
          {sections.map((section) => (
            <section key={section.id} aria-labelledby={section.id} data-group="">
              <header className="figh">
                <h2 id={section.id}>{section.title}</h2>
                <span className="cap">{section.says}</span>
              </header>
              <ul className="scn-list">
                {section.entries.map((entry) => (
                  <li key={entry.id} data-words={`${entry.words} ${entry.group}`} data-tags={tagsOf(entry).join(' ')}>
                    <p className="scn-name">
                      <a href={`/scenarios/${entry.id}`}>
                        <Prose text={entry.title} />
                      </a>
                      <code>{entry.id}</code>
                    </p>
                    <p className="scn-does">
                      <Prose text={entry.does} />
                    </p>
                    <span className="tiny dim">{entry.level === 'none' ? 'no clause' : entry.level}</span>
                    <span className="tiny" data-run={entry.id} />
                    {entry.here ? (
                      <button type="button" className="link" data-start={entry.id}>
                        Start<span className="vh"> {entry.id}</span>
                      </button>
                    ) : (
                      <span className="tiny dim">own origin</span>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        <p className="lede" data-none="" hidden>
          Nothing behaves like that. A fault can: open Faults in <a href="/sandbox">a sandbox</a>.
        </p>
      </div>
      <Script src="/pages.js" />
    </main>
  );
}

function tagsOf(entry: ReturnType<typeof scenarioSections>[number]['entries'][number]): string[] {
  return [
    entry.level,
    ...(entry.conformance ? ['suite'] : []),
    ...entry.versions.map((version) => `v-${version}`),
    ...(entry.here ? ['here'] : []),
  ];
}
