'use client';

import { Score } from '#components/exchange/score.tsx';
import type { Pointer } from '#components/exchange/point.ts';
import { useClauses } from '#components/exchange/use-clauses.ts';
import { Glyph, handNames, Trip } from '#components/values/glyph.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { shorten } from '#components/values/value.tsx';
import { type Cell, type CheckRow, eyeOf, type EyeView } from '#lib/labs/derive/eye.ts';
import { makerOf } from '#lib/labs/derive/values.ts';
import type { Bag } from '#lib/exchange/held.ts';
import type { Lab, LabRun, Position } from '#lib/labs/types.ts';
import { Ring } from './marks.tsx';

interface EyeProps {
  readonly lab: Lab;
  readonly position: Position;
  readonly runs: Readonly<Partial<Record<Position, LabRun>>>;
}

/** The server's eye: the request once, and beside it what was kept and checked, with the defence off and on. */
export function Eye({ lab, position, runs }: EyeProps) {
  const view = eyeOf(lab, position, runs);
  const whose =
    lab.stop.at === 'client' ? 'The client’s eye' : lab.stop.at === 'you' ? 'The browser’s eye' : 'The server’s eye';
  const both = runs.off !== undefined && runs.on !== undefined;
  return (
    <section className="eye" aria-labelledby="fig-2">
      <div className="figh">
        <span className="fign">Fig. 2</span>
        <h2 id="fig-2">{whose}</h2>
        <span className="cap">
          {view === null
            ? 'Which check stops her, and from what evidence.'
            : both
              ? view.isSame
                ? 'The request is the same both times. What differs is what is asked of it.'
                : 'With the defence on, another request decides. Each column shows what was asked of its own.'
              : `Run it with the defence ${position === 'off' ? 'on' : 'off'} as well, and compare.`}
        </span>
      </div>
      {view === null ? (
        <p className="wait">
          <Prose text={lab.eye.waits} />
        </p>
      ) : (
        <div className="eye-grid">
          <div>
            <Subject lab={lab} view={view} position={position} run={runs[position]!} />
            <p className="point">
              <Prose text={lab.eye[position]} />
            </p>
          </div>
          <Checks lab={lab} view={view} position={position} />
        </div>
      )}
    </section>
  );
}

const NONE: readonly Pointer[] = [];

function Subject({
  lab,
  view,
  position,
  run,
}: {
  readonly lab: Lab;
  readonly view: EyeView;
  readonly position: Position;
  readonly run: LabRun;
}) {
  const { done } = view;
  const { missing } = lab.eye;
  if (!done.exchange)
    return (
      <dl className="answer">
        <div>
          <dt>
            <Trip from={done.from} to={done.to} /> What comes back to the client
          </dt>
        </div>
        {Object.entries(done.used).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b className={`v ${makerOf(name, value, 'victim', run)}`}>{value}</b>
            </dd>
          </div>
        ))}
      </dl>
    );
  const side = done.from === 'attacker' ? 'attacker' : 'victim';
  const bag: Bag = Object.fromEntries(
    Object.entries({ ...done.used, ...done.made })
      .filter(([name, value]) => name !== 'notes' && value.length > 7)
      .map(([name, value]) => [
        name,
        { name, value, madeBy: makerOf(name, value, side, run), secret: false, step: null, run: 0 },
      ]),
  );
  const isForm = done.exchange.request.body !== null && !/^[A-Z]/.test(missing?.name ?? '');
  const pointers: readonly Pointer[] =
    missing && position === 'on'
      ? [
          {
            side: 'request',
            in: isForm ? 'form' : 'header',
            name: missing.name,
            expected: null,
            says: missing.says,
            absent: true,
          },
        ]
      : NONE;
  return (
    <Score
      exchange={done.exchange}
      hands={[done.from, done.to]}
      bag={bag}
      caption={`exchange ${done.exchange.seq}`}
      pointers={pointers}
      hideBetween
    />
  );
}

const CELLS: Readonly<Record<Cell, string>> = {
  passed: 'passes',
  objected: 'objects',
  'not-asked': 'not asked',
  'not-reached': 'not reached',
  'not-run': '',
  absent: '',
};

function Checks({ lab, view, position }: { readonly lab: Lab; readonly view: EyeView; readonly position: Position }) {
  const table = useClauses();
  const clauseOf = (id: string | null) => {
    const found = id === null ? undefined : table?.[id as keyof typeof table];
    return found ? <ClauseLink label={found.label} url={found.url} /> : null;
  };
  const groups = [...new Set(view.checks.map(({ by }) => by))];
  const isRun = (one: Position): boolean => view.checks.some(({ cells }) => cells[one] !== 'not-run');
  const last = { off: false, on: false };
  return (
    <table className="chk">
      <caption className="vh">What was kept and what was checked, with the defence off and on</caption>
      <thead>
        <tr>
          <td />
          {(['off', 'on'] as const).map((one) => (
            <th key={one} scope="col" aria-current={one === position ? 'true' : undefined}>
              <span>
                {one === 'off' ? 'Off' : 'On'}
                <span className="vh">, the defence</span>
              </span>
              {!isRun(one) && <em>not run yet</em>}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      {view.kept.length > 0 && lab.eye.kept && (
        <tbody>
          <tr className="grp">
            <th scope="rowgroup" colSpan={4}>
              <span className="as">
                <Glyph hand="as" />
              </span>
              {lab.eye.kept.says}
            </th>
          </tr>
          {view.kept.map((row) => (
            <tr key={row.name} className={row.differs ? 'key' : undefined}>
              <th scope="row">
                <code>{row.name}</code> {row.differs && <small>the one difference</small>}
              </th>
              {(['off', 'on'] as const).map((one) => (
                <td key={one} className={one === position ? 'here' : undefined}>
                  {row.cells[one] === null ? (
                    <em>none</em>
                  ) : row.cells[one] === undefined ? null : (
                    <b className={`v ${row.differs ? 'client' : ''}`}>
                      {shorten(row.cells[one].replace(/^https?:\/\/[^/]+/, ''), 6, 4)}
                    </b>
                  )}
                </td>
              ))}
              <td />
            </tr>
          ))}
        </tbody>
      )}
      {groups.map((by) => (
        <tbody key={by}>
          <tr className="grp">
            <th scope="rowgroup" colSpan={4}>
              <span className={by}>
                <Glyph hand={by} />
              </span>
              {by === 'you' ? 'Your browser' : handNames[by].long} checks{view.isSame && ', in this order'}
            </th>
          </tr>
          {by === groups[0] && view.folded > 0 && (
            <tr>
              <th scope="row">{view.folded} checks before these</th>
              {(['off', 'on'] as const).map((one) => (
                <td key={one} className={one === position ? 'here' : undefined}>
                  {isRun(one) && <CellMark cell="passed" />}
                </td>
              ))}
              <td />
            </tr>
          )}
          {view.checks
            .filter((row) => row.by === by)
            .map((row) => (
              <tr key={row.check} className={row.cells[position] === 'objected' ? 'hit' : undefined}>
                <th scope="row">
                  <Prose text={row.says} />
                  {row.cells[position] === 'objected' && <Evidence row={row} />}
                </th>
                {(['off', 'on'] as const).map((one) => {
                  const cell = row.cells[one];
                  const said = cell === 'not-reached' && last[one];
                  if (cell === 'not-reached') last[one] = true;
                  return (
                    <td key={one} className={one === position ? 'here' : undefined}>
                      <CellMark cell={cell} quiet={said} />
                    </td>
                  );
                })}
                <td className="c">{clauseOf(row.clause)}</td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

/** After the first *not reached* the cells stay blank, and say it to a screen reader. */
function CellMark({ cell, quiet = false }: { readonly cell: Cell; readonly quiet?: boolean }) {
  if (cell === 'passed')
    return (
      <svg className="mk p" viewBox="0 0 12 12" role="img" aria-label="passes">
        <path d="m2.5 6.5 2.3 2.3L9.5 3.5" />
      </svg>
    );
  if (cell === 'objected')
    return (
      <>
        <svg className="mk x" viewBox="0 0 12 12" role="img" aria-label="objects">
          <path d="m3 3 6 6M9 3l-6 6" />
        </svg>
        <small className="bad">refused</small>
      </>
    );
  if (cell === 'not-asked')
    return (
      <>
        <Ring label="not asked" />
        <small>not asked</small>
      </>
    );
  return <small className={quiet ? 'vh' : undefined}>{CELLS[cell]}</small>;
}

function Evidence({ row }: { readonly row: CheckRow }) {
  if (!row.evidence) return null;
  const { expected, got } = row.evidence;
  if (expected === null && got === null) return null;
  return (
    <span className="evidence">
      expected {expected === null ? 'none' : <code>{expected}</code>}, got {got === null ? 'none' : <code>{got}</code>}
    </span>
  );
}
