import type { Line, Piece } from './view.ts';

/** Characters of a line before a list or an object is laid out over several. */
const measure = 58;

/**
 * JSON as lines: the first member beside its brace, a closing brace behind the last one.
 * @param body the text as it came; not JSON gives undefined
 */
export function jsonLines(body: string): Line[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return lay(value, { column: 0, root: true, name: undefined, before: [], after: '' });
}

interface Place {
  readonly column: number;
  readonly root: boolean;
  readonly name: string | undefined;
  readonly before: readonly Piece[];
  readonly after: string;
  /** Where the line begins, if not at `column`. */
  readonly indent?: number;
}

function lay(value: unknown, place: Place): Line[] {
  const indent = place.indent ?? place.column;
  const names = place.name === undefined ? [] : [place.name];
  const room =
    measure - place.column - place.before.reduce((sum, piece) => sum + piece.text.length, 0) - place.after.length;
  const flat = inline(value);
  // A list of words fills its line and hangs; one long address stands on a line of its own.
  const words = Array.isArray(value) && value.length > 1 && value.every((item) => typeof item !== 'object');
  if (!isNested(value) || words || (flat.length <= room && !(place.root && Object.keys(value as object).length > 2))) {
    return [
      {
        indent,
        names: [...names, ...innerNames(value)],
        pieces: [...place.before, ...flatPieces(value), ...quiet(place.after)],
      },
    ];
  }
  const list = Array.isArray(value);
  const members: [string | undefined, unknown][] = list
    ? value.map((item) => [undefined, item])
    : Object.entries(value as object);
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  const lines: Line[] = [];
  if (!place.root) lines.push({ indent, names, pieces: [...place.before, { text: open }] });
  members.forEach(([name, member], index) => {
    const joined = place.root && index === 0;
    const key: Piece[] = name === undefined ? [] : [{ text: `${JSON.stringify(name)}:`, kind: 'key' }, { text: ' ' }];
    lines.push(
      ...lay(member, {
        column: place.column + 2,
        indent: joined ? indent : place.column + 2,
        root: false,
        name,
        before: joined ? [...place.before, { text: `${open} ` }, ...key] : key,
        after: index < members.length - 1 ? ',' : ` ${close}${place.after}`,
      }),
    );
  });
  return lines;
}

const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const quiet = (text: string): Piece[] => (text ? [{ text }] : []);

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isNested(value))
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${inline(member)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}

function flatPieces(value: unknown): Piece[] {
  if (Array.isArray(value)) return [{ text: '[' }, ...spread(value.map((item) => flatPieces(item))), { text: ']' }];
  if (isNested(value)) {
    const members = Object.entries(value).map(([name, member]): Piece[] => [
      { text: `${JSON.stringify(name)}:`, kind: 'key' },
      { text: ' ' },
      ...flatPieces(member),
    ]);
    return [{ text: '{ ' }, ...spread(members), { text: ' }' }];
  }
  return [{ text: JSON.stringify(value) }];
}

function spread(groups: readonly Piece[][]): Piece[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [{ text: ', ' }, ...group]));
}

function innerNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (typeof item === 'string' ? [item] : innerNames(item)));
  if (isNested(value)) return Object.entries(value).flatMap(([name, member]) => [name, ...innerNames(member)]);
  return typeof value === 'string' ? [value, `"${value}"`] : [];
}
