import { Prose } from '#components/values/prose.tsx';
import { knobViews } from '#lib/server/views/reference-knobs.ts';

const brief = (value: unknown): string => (typeof value === 'string' ? value || '""' : JSON.stringify(value));

/** Every knob of a sandbox: what it does, what it takes, and its default. */
export function Knobs() {
  const views = knobViews();
  const groups = [...new Set(views.map(({ group }) => group))];
  return groups.map((group) => (
    <section key={group} className="reqs" aria-labelledby={`knobs-${group}`}>
      <h2 id={`knobs-${group}`}>{group}</h2>
      <ul className="ref-knobs">
        {views
          .filter((knob) => knob.group === group)
          .map((knob) => (
            <li key={knob.name} id={`knob-${knob.name}`}>
              <p>
                <a className="m" href={`#knob-${knob.name}`}>
                  {knob.name}
                </a>{' '}
                <span className="tiny dim">
                  {Array.isArray(knob.values) ? knob.values.map((one) => brief(one)).join(', ') : knob.type}
                  {'; default '}
                  <code>{brief(knob.default)}</code>
                </span>
              </p>
              <p className="says">
                <b>
                  <Prose text={knob.title} />
                </b>
                . <Prose text={knob.does} />
              </p>
            </li>
          ))}
      </ul>
    </section>
  ));
}
