'use client';

import type { Bag, HoldingCell, HoldingRow, Party } from '#lib/guide/types.ts';
import { CopyButton } from '../values/copy.tsx';
import { Glyph } from '../values/glyph.tsx';
import { shorten } from '../values/value.tsx';
import './holdings.css';

interface HoldingsProps {
  readonly rows: readonly HoldingRow[];
  /** Who made a value, by its name. */
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  readonly bag: Bag;
  readonly caption: string;
}

/** What client and server hold: the same row is the same thing, and between them how they are related. */
export function Holdings({ rows, makers, bag, caption }: HoldingsProps) {
  return (
    <table className="ledger">
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          <td />
          <th className="client" scope="col">
            <Glyph hand="client" />
            Client
          </th>
          <td />
          <th className="as" scope="col">
            <Glyph hand="as" />
            Auth server
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">{row.label}</th>
            <td>
              <Cell cell={row.client} makers={makers} bag={bag} who="the client" />
            </td>
            <td className="rel">{row.relation}</td>
            <td>
              <Cell cell={row.as} makers={makers} bag={bag} who="the authorization server" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({
  cell,
  makers,
  bag,
  who,
}: {
  readonly cell: HoldingCell;
  readonly makers: HoldingsProps['makers'];
  readonly bag: Bag;
  readonly who: string;
}) {
  if (cell.value === null) return <em>{cell.absent}</em>;
  const maker = cell.name === null ? undefined : (bag[cell.name]?.madeBy ?? makers[cell.name]);
  const value = cell.value;
  return (
    <CopyButton
      text={() => value}
      label={`Copy ${shorten(value)}, ${cell.name ?? 'a value'}, held by ${who}${cell.ended ? ', no longer good' : ''}`}
    >
      <b
        className={`v ${maker === 'attacker' ? 'fault' : (maker ?? '')}${cell.ended ? ' ended' : ''}`}
        data-v={cell.name ?? undefined}
      >
        {shorten(value)}
      </b>
    </CopyButton>
  );
}
