/** Where everything on the chart of a run stands: from ms to units of a drawing that is 1080 wide. */
import type { Party } from '#lib/guide/types.ts';
import type { ChartBar, RunChart } from '#lib/exchange/chart.ts';

export const width = 1080;
/** The names stand left of it. */
export const left = 104;
export const laneY: Readonly<Record<Party, number>> = { you: 62, client: 104, as: 146, mcp: 188 };
/** The first row of values. */
export const barsTop = 228;
export const barRow = 24;

export interface ChartLayout {
  readonly height: number;
  readonly x: (ms: number) => number;
  readonly rows: readonly {
    readonly value: string;
    readonly y: number;
    readonly bars: readonly { readonly bar: ChartBar; readonly from: number; readonly to: number }[];
  }[];
  /** Where the drawing ends. */
  readonly right: number;
  /** Columns with as much of their title as there is room for. */
  readonly heads: readonly {
    readonly step: string;
    readonly number: number;
    readonly title: string | null;
    /** Where the title begins: behind the number, which may have several digits. */
    readonly titleAt: number;
    readonly x: number;
    readonly to: number;
    readonly crowded: boolean;
  }[];
  /** A length for the eye: so many ms, so many units. */
  readonly ruler: { readonly ms: number; readonly length: number };
}

/** Units that a number takes, with the space behind it. */
const widthOf = (number: number): number => 6 + 8 * String(number).length;

/**
 * Lays a chart out; a value has one row, however often it was made anew.
 * @param within units of width
 */
export function layOutChart(chart: RunChart, within: number = width): ChartLayout {
  const right = within - 12;
  const scale = (right - left) / chart.width;
  const x = (ms: number) => left + ms * scale;
  const values = [...new Set(chart.bars.map((bar) => bar.value))];
  const rows = values.map((value, index) => ({
    value,
    y: barsTop + index * barRow,
    bars: chart.bars
      .filter((bar) => bar.value === value)
      .map((bar) => ({ bar, from: x(bar.start), to: Math.max(x(bar.start) + 4, x(bar.end)) })),
  }));
  const heads = chart.columns.map((column, index) => {
    const next = chart.columns[index + 1];
    const from = x(column.start);
    const to = next ? x(next.start) : right;
    const before = chart.columns[index - 1];
    return {
      step: column.step,
      number: column.number,
      x: from,
      to,
      crowded: before !== undefined && from - x(before.start) < 2 + widthOf(before.number),
      titleAt: from + widthOf(column.number),
      title: to - from > 17 + widthOf(column.number) + column.title.length * 6.4 ? column.title : null,
    };
  });
  const ms = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => each * scale >= 48) ?? 1000;
  return { height: barsTop + values.length * barRow + 30, right, x, rows, heads, ruler: { ms, length: ms * scale } };
}
