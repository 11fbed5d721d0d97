/** What an experiment changed in a request, line by line. */
import type { Prepared } from '../prepare.ts';
import type { ChangedLine } from '../types.ts';

function bodyLines(body: string | null): string[] {
  if (body === null || body === '') return [];
  if (/^[\s]*[{[]/.test(body)) return body.split('\n');
  return body.split('&').map((pair) => decoded(pair));
}

/** A form pair as a person reads it; as it is if it cannot be decoded. */
function decoded(pair: string): string {
  try {
    return decodeURIComponent(pair.replaceAll('+', ' '));
  } catch {
    return pair;
  }
}

/** A request as lines: address, query, headers, body; one parameter a line. */
export function requestAsLines({ method, url, headers, body }: Omit<Prepared, 'used' | 'missing'>): string[] {
  const [address = '', query] = url.split('?', 2);
  return [
    `${method} ${address}`,
    ...(query === undefined ? [] : query.split('&').map((pair) => `? ${decoded(pair)}`)),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...bodyLines(body),
  ];
}

/** A line of JSON without the comma that it has only because another line follows. */
const meant = (line: string): string => line.replace(/(?<=["\]}\d]|true|false|null),$/, '');

/**
 * The difference of two lists of lines.
 * @returns equal lines only as a count, so that the change stands out
 */
export function differenceOf(before: readonly string[], after: readonly string[]): ChangedLine[] {
  const isSame = (i: number, j: number): boolean => meant(before[i]!) === meant(after[j]!);
  // Lengths of the longest common parts from each place on.
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      common[i]![j] = isSame(i, j) ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: ChangedLine[] = [];
  let same = 0;
  const flush = (): void => {
    if (same > 0) lines.push({ kind: 'same', text: String(same) });
    same = 0;
  };
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && isSame(i, j)) {
      same += 1;
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      flush();
      lines.push({ kind: 'was', text: before[i]! });
      i += 1;
    } else {
      flush();
      lines.push({ kind: 'now', text: after[j]! });
      j += 1;
    }
  }
  flush();
  return lines;
}

/** The difference of two requests; empty if they are the same. */
export function changesOf(before: Prepared, after: Prepared): ChangedLine[] {
  const lines = differenceOf(requestAsLines(before), requestAsLines(after));
  return lines.some((line) => line.kind !== 'same') ? lines : [];
}
