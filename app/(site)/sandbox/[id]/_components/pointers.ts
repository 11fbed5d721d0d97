import type { Pointer } from '#components/exchange/point.ts';
import type { RowMark } from '#components/ledger/row.tsx';
import type { Report, Verdict } from '#lib/live/report.ts';

/** Where the evidence of a rule points in the exchange that is open. */
export function pointersOf(verdict: Verdict | null, seq: number | null): readonly Pointer[] {
  if (!verdict || seq === null || (verdict.verdict !== 'fail' && verdict.verdict !== 'warn')) return [];
  // One place is in red: the one that decided. What stands beside it for comparison stays ink.
  return verdict.evidence.slice(0, 1).flatMap((one) => {
    if (one.seq !== seq || !one.part) return [];
    const side = one.pointer.startsWith('/response') ? ('response' as const) : ('request' as const);
    return [
      {
        side,
        in: one.part.in,
        name: one.part.name,
        expected: one.expected ?? null,
        absent: one.got === null || one.got === undefined ? one.expected !== undefined || one.got === null : false,
      },
    ];
  });
}

/** What the report says of each exchange: the worst that it decided. */
export function marksOf(report: Report | null): ReadonlyMap<number, RowMark> {
  const marks = new Map<number, RowMark>();
  for (const { verdict, evidence } of report?.verdicts ?? []) {
    const seq = evidence[0]?.seq;
    if (seq === undefined || (verdict !== 'fail' && verdict !== 'warn')) continue;
    if (verdict === 'fail' || !marks.has(seq)) marks.set(seq, verdict);
  }
  return marks;
}
