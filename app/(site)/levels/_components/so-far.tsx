'use client';

import { Prose } from '#components/values/prose.tsx';
import { useLevels } from './use-levels.ts';

/** How a level ended in this browser, and then also what it taught. */
export function LevelState({
  id,
  par,
  teaches,
}: {
  readonly id: string;
  readonly par: number;
  readonly teaches: string;
}) {
  const result = useLevels()[id];
  if (!result) return <p className="note dim">not solved yet</p>;
  const words =
    result.requests === null
      ? 'seen'
      : `solved in ${result.requests}${
          result.requests < par ? ', under par' : result.requests === par ? ', at par' : ''
        }`;
  return (
    <p className="note">
      {words}. <Prose text={teaches} />
    </p>
  );
}

/** How many are solved. */
export function SolvedCount({ ids }: { readonly ids: readonly string[] }) {
  const results = useLevels();
  const solved = ids.filter((id) => results[id]?.requests != null).length;
  return (
    <>
      {solved} of {ids.length} solved.
    </>
  );
}

interface Named {
  readonly id: string;
  readonly number: number;
  readonly title: string;
}

/** To the first level that is not solved. */
export function GoOnWithLevels({ levels }: { readonly levels: readonly Named[] }) {
  const results = useLevels();
  const next = levels.find(({ id }) => results[id]?.requests == null) ?? levels[0]!;
  return (
    <a className="go" href={`/levels/${next.id}`}>
      Level {next.number}: {next.title}
    </a>
  );
}
