import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { rules } from '#lib/coach/rules/index.ts';
import { plainText } from '#lib/guide/text.ts';
import { labsAbout } from '#lib/labs/attacks/index.ts';
import { phaseTitle } from '#lib/live/report.ts';

const phaseOf = (id: string): string => id.split('.')[0] ?? id;

/** Every rule by which a client is judged: when it passes and fails, why, and how to fix it. */
export function Rules() {
  const phases = [...new Set(rules.map(({ id }) => phaseOf(id)))];
  return phases.map((phase) => (
    <section key={phase} className="reqs" aria-labelledby={`phase-${phase}`}>
      <h2 id={`phase-${phase}`}>{phaseTitle(phase)}</h2>
      {rules
        .filter(({ id }) => phaseOf(id) === phase)
        .map((rule) => (
          <article key={rule.id} className="ref-rule" id={`rule-${rule.id}`}>
            <h3>
              <Prose text={rule.title} />
            </h3>
            <p className="tiny dim">
              <a className="m" href={`#rule-${rule.id}`}>
                {rule.id}
              </a>{' '}
              {rule.level}
              {rule.from === 'oauth' ? '' : `, since MCP ${rule.from}`}
              {rule.until ? `, until ${rule.until}` : ''}
            </p>
            <dl>
              <dt>Pass</dt>
              <dd>
                <Prose text={rule.pass} />
              </dd>
              <dt>{rule.level === 'MUST' ? 'Fail' : 'Warning'}</dt>
              <dd>
                <Prose text={rule.fail} />
              </dd>
              <dt>Why</dt>
              <dd>
                <Prose text={rule.why} />
              </dd>
              <dt>Fix</dt>
              <dd>
                <Prose text={rule.fix} />
              </dd>
            </dl>
            <p className="ref-clauses">
              {rule.spec.map((clause) => (
                <ClauseLink
                  key={`${clause.url} ${clause.section}`}
                  label={`${clause.doc}, ${clause.section}`}
                  url={clause.url}
                />
              ))}
            </p>
            {rule.scenarios.length > 0 && (
              <p className="tiny dim">
                Shown by{' '}
                {rule.scenarios.map((id, index) => (
                  <span key={id}>
                    {index > 0 && ', '}
                    <a href={`/scenarios/${id}`}>
                      <code>{id}</code>
                    </a>
                  </span>
                ))}
              </p>
            )}
            <Labs rule={rule.id} />
          </article>
        ))}
    </section>
  ));
}

/** Where one can see what the rule prevents. */
function Labs({ rule }: { readonly rule: string }) {
  const labs = labsAbout(rule);
  if (labs.length === 0) return null;
  return (
    <p className="tiny dim">
      {labs.length === 1 ? 'Attack lab' : 'Attack labs'}:{' '}
      {labs.map(({ id, title }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <a href={`/lab/${id}`}>{plainText(title)}</a>
        </span>
      ))}
    </p>
  );
}
