import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Footer } from '#components/site/footer.tsx';
import { Script } from '#components/site/script.tsx';
import { Prose } from '#components/values/prose.tsx';
import { rules } from '#lib/coach/rules/index.ts';
import { phaseTitle } from '#lib/live/report.ts';
import { knobViews } from '#lib/server/views/reference-knobs.ts';
import { reference } from '#lib/server/views/reference.ts';
import { Find } from './_components/find.tsx';
import { Rail } from './_components/rail.tsx';
import './reference.css';

export const metadata: Metadata = {
  title: 'Reference',
  description: 'Endpoints, parameters, errors, rules and knobs of this server, each with an address and its clause.',
};

/** The index of the reference: everything that has a page, by name. */
export default async function ReferenceIndex() {
  const all = await reference((await headers()).get('host'));
  const phases = [...new Set(rules.map(({ id }) => id.split('.')[0] ?? id))];
  return (
    <>
      <div className="ref">
        <Rail reference={all} open={null} rules={rules.length} knobs={knobViews().length} />
        <main id="main" className="ref-main" data-index="">
          <h1 className="title">Reference</h1>
          <Find />
          <p className="ref-base">
            <code>{'{base}'}</code> is <code>{all.origin}</code>, or{' '}
            <code>
              {all.origin}/s/{'{id}'}
            </code>{' '}
            in a sandbox: it is also the issuer.
          </p>
          {all.groups.map((group) => (
            <section key={group.id} className="ref-group" aria-labelledby={group.id}>
              <header className="figh">
                <h2 id={group.id}>
                  <a href={`/reference/${group.id}`}>{group.title}</a>
                </h2>
                <p className="cap">
                  <Prose text={group.says} />
                </p>
              </header>
              <ul className="ref-index">
                {group.endpoints
                  .filter(({ anchor }) => !/-\d+$/.test(anchor))
                  .map((endpoint) => (
                    <li key={endpoint.anchor}>
                      <a href={`/reference/${group.id}#${endpoint.anchor}`} id={endpoint.anchor}>
                        {endpoint.title}
                      </a>{' '}
                      <code className="tiny dim">{endpoint.paths[0]?.replace(/^\{\w+\}/, '')}</code>
                    </li>
                  ))}
              </ul>
            </section>
          ))}
          <section className="ref-group" aria-labelledby="errors">
            <header className="figh">
              <h2 id="errors">
                <a href="/reference/errors">Errors</a>
              </h2>
              <p className="cap">what a code means, and what the client does next</p>
            </header>
            <ul className="ref-index">
              {all.errors.map((error) => (
                <li key={error.code}>
                  <a className="m" href={`/reference/errors#error-${error.code}`} id={`error-${error.code}`}>
                    {error.code}
                  </a>{' '}
                  <span className="tiny dim num">{error.status}</span>
                </li>
              ))}
            </ul>
          </section>
          <section className="ref-group" aria-labelledby="rules">
            <header className="figh">
              <h2 id="rules">
                <a href="/reference/rules">Rules for clients</a>
              </h2>
              <p className="cap">what the report judges by</p>
            </header>
            {phases.map((phase) => (
              <details key={phase} className="ref-fold">
                <summary>
                  {phaseTitle(phase)}{' '}
                  <span className="tiny dim num">{rules.filter(({ id }) => id.startsWith(`${phase}.`)).length}</span>
                </summary>
                <ul className="ref-index">
                  {rules
                    .filter(({ id }) => id.startsWith(`${phase}.`))
                    .map((rule) => (
                      <li key={rule.id}>
                        <a href={`/reference/rules#rule-${rule.id}`} id={`rule-${rule.id}`}>
                          <Prose text={rule.title} />
                        </a>
                      </li>
                    ))}
                </ul>
              </details>
            ))}
          </section>
          <section className="ref-group" aria-labelledby="knobs">
            <header className="figh">
              <h2 id="knobs">
                <a href="/reference/knobs">Knobs</a>
              </h2>
              <p className="cap">how a sandbox can behave otherwise</p>
            </header>
            <ul className="ref-index">
              {knobViews().map((knob) => (
                <li key={knob.name}>
                  <a className="m" href={`/reference/knobs#knob-${knob.name}`}>
                    {knob.name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        </main>
      </div>
      <Footer />
      <Script src="/pages.js" />
    </>
  );
}
