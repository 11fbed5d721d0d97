import { ClauseLink, Prose } from '#components/values/prose.tsx';
import type { RequirementGroup } from '#lib/server/views/reference.ts';

/** What the server claims, with the clause that asks for it. `OWN` is stricter than any clause. */
export function Requirements({ groups }: { readonly groups: readonly RequirementGroup[] }) {
  return groups.map((group) => (
    <section key={group.id} className="reqs" aria-labelledby={`requirements-${group.id}`}>
      <h2 id={`requirements-${group.id}`}>{group.title}</h2>
      <ul>
        {group.requirements.map((one) => (
          <li key={one.id} id={`requirement-${one.id}`}>
            <a className="m" href={`#requirement-${one.id}`}>
              {one.id}
            </a>
            <em>{one.level === 'OWN' ? 'our own' : one.level}</em>
            <span className="says">
              <Prose text={one.says} />{' '}
              {one.clauses.map((clause) => (
                <span key={clause.label}>
                  <ClauseLink label={clause.label} url={clause.url} />{' '}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ));
}
