/**
 * The little markup of the texts: `` `…` `` is protocol, `*…*` is italic, `{name}` is a value, `[[id|words]]` a term.
 */
export type Piece =
  | { readonly kind: 'text' | 'code' | 'italic'; readonly text: string }
  /** A term of the glossary, by its id, and how it is set. */
  | { readonly kind: 'term'; readonly text: string; readonly id: string; readonly as: 'text' | 'code' | 'italic' }
  /** `inCode`: it stands between backticks. */
  | { readonly kind: 'value'; readonly name: string; readonly inCode: boolean };

const TEMPLATE = /\{([a-z][a-z0-9_]*)\}/g;

function withValues(text: string, kind: 'text' | 'code' | 'italic'): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(TEMPLATE)) {
    if (match.index > from) pieces.push({ kind, text: text.slice(from, match.index) });
    pieces.push({ kind: 'value', name: match[1]!, inCode: kind === 'code' });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind, text: text.slice(from) });
  return pieces;
}

/** Straight apostrophes become typographic ones; protocol keeps its own. */
function typographic(text: string): string {
  return text.replaceAll("'", '\u2019');
}

/** A term may itself be protocol or italic. */
function termOf(id: string, words: string): Piece {
  const as = words.startsWith('`') ? 'code' : words.startsWith('*') ? 'italic' : 'text';
  const text = as === 'text' ? words : words.slice(1, -1);
  return { kind: 'term', id, as, text: as === 'code' ? text : typographic(text) };
}

/**
 * Splits a text into what is set differently.
 * @param text with the markup of the curriculum
 */
export function parseText(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*([^*\s][^*]*)\*|\[\[([a-z0-9-]+)\|([^\]]+)\]\]/g)) {
    if (match.index > from) pieces.push(...withValues(typographic(text.slice(from, match.index)), 'text'));
    if (match[1] !== undefined) pieces.push(...withValues(match[1], 'code'));
    else if (match[3] !== undefined) pieces.push(termOf(match[3], match[4]!));
    else pieces.push({ kind: 'italic', text: typographic(match[2]!) });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push(...withValues(typographic(text.slice(from)), 'text'));
  return pieces;
}

/** A text without its markup, for titles, `alt` texts and tests. */
export function plainText(text: string): string {
  return parseText(text)
    .map((piece) => (piece.kind === 'value' ? `{${piece.name}}` : piece.text))
    .join('');
}

/** A text as it reads where there is no sandbox: what lies below its address begins at the path. */
export const withoutBase = (text: string): string => text.replaceAll('{base}/', '/');

/** Names of the values in every template below `node`; `{origin}/…` in a text counts like one in a URL. */
export function valueNames(node: unknown, into: Set<string> = new Set()): Set<string> {
  if (typeof node === 'string') for (const match of node.matchAll(TEMPLATE)) into.add(match[1]!);
  else if (Array.isArray(node)) for (const item of node) valueNames(item, into);
  else if (typeof node === 'object' && node !== null) for (const inner of Object.values(node)) valueNames(inner, into);
  return into;
}
