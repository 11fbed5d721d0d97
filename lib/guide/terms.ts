/** Terms of the field in the texts of a step: each leads to the glossary at its first use. */
import type { GlossaryEntry, Step } from './types.ts';

/** Protocol, italics, values and terms that are marked already. */
const MARKED = /(\[\[[^\]]*\]\]|`[^`]*`|\*[^*]*\*|\{[^}]*\})/;

/** How a text may call a term. */
interface Word {
  readonly id: string;
  /** As it is written in the glossary; between backticks it stands for protocol alone. */
  readonly word: string;
  /** Finds it inside a plain text. */
  readonly inside: RegExp | null;
  /** Whether a part that is set off, in italics or as protocol, is this word and nothing else. */
  readonly whole: RegExp;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function wordOf(id: string, word: string): Word {
  if (word.startsWith('`')) return { id, word, inside: null, whole: new RegExp(`^${escaped(word)}$`) };
  const body = `${escaped(word)}s?`;
  return {
    ...{ id, word },
    inside: new RegExp(`(?<![\\w-])${body}(?![\\w-])`, 'i'),
    whole: new RegExp(`^\\*${body}\\*$`, 'i'),
  };
}

/** Marks the first use of each term that is still wanted, and takes it off the list. */
function marked(text: string, words: readonly Word[], wanted: Set<string>): string {
  let parts = text.split(MARKED);
  for (const { id, inside, whole } of words) {
    if (!wanted.has(id)) continue;
    const at = parts.findIndex((part, index) => (index % 2 === 1 ? whole.test(part) : inside?.test(part)));
    if (at < 0) continue;
    const part = parts[at]!;
    parts[at] = at % 2 === 1 ? `[[${id}|${part}]]` : part.replace(inside!, (word) => `[[${id}|${word}]]`);
    parts = parts.join('').split(MARKED);
    wanted.delete(id);
  }
  return parts.join('');
}

/**
 * A step whose lede, margin note and notes mark each term of the glossary at its first use, as `[[id|words]]`.
 * @param glossary longer words win: "access token" before "token"
 */
export function withTerms(step: Step, glossary: readonly Pick<GlossaryEntry, 'id' | 'term' | 'also'>[]): Step {
  const words = glossary
    .flatMap(({ id, term, also }) => [term, ...also].map((word) => wordOf(id, word)))
    .sort((a, b) => b.word.length - a.word.length);
  const wanted = new Set(glossary.map(({ id }) => id));
  const mark = (text: string): string => marked(text, words, wanted);
  return {
    ...step,
    lede: mark(step.lede),
    margin_note: mark(step.margin_note),
    notes: step.notes.map((note) => ({ ...note, note: mark(note.note) })),
  };
}
