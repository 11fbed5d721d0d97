import type { Reference } from '#lib/server/views/reference.ts';

interface RailProps {
  readonly reference: Reference;
  /** The group that is open, or null on the index. */
  readonly open: string | null;
  readonly rules: number;
  readonly knobs: number;
}

/** All pages of the reference; the endpoints of the open one below it. */
export function Rail({ reference, open, rules, knobs }: RailProps) {
  const also: readonly (readonly [string, string, number])[] = [
    ['errors', 'Errors', reference.errors.length],
    ['rules', 'Rules for clients', rules],
    ['knobs', 'Knobs', knobs],
    ['requirements', 'Requirements', reference.requirements.reduce((sum, group) => sum + group.requirements.length, 0)],
  ];
  return (
    <nav className="ref-rail" aria-label="Reference">
      <p className="tiny dim">Endpoints</p>
      <ul>
        {reference.groups.map((group) => (
          <li key={group.id}>
            <a href={`/reference/${group.id}`} aria-current={group.id === open ? 'page' : undefined}>
              {group.title}
            </a>{' '}
            <span className="tiny dim num">{group.endpoints.length}</span>
            {group.id === open && (
              <ul>
                {group.endpoints
                  .filter(({ anchor }) => !/-\d+$/.test(anchor))
                  .map((endpoint) => (
                    <li key={endpoint.anchor}>
                      <a href={`#${endpoint.anchor}`}>{endpoint.title}</a>
                    </li>
                  ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <p className="tiny dim">Also</p>
      <ul>
        {also.map(([id, title, count]) => (
          <li key={id}>
            <a href={`/reference/${id}`} aria-current={id === open ? 'page' : undefined}>
              {title}
            </a>{' '}
            <span className="tiny dim num">{count}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}
