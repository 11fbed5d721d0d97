/** Terms of the field in the texts of a step: each leads to the glossary at its first use. */
import type { GlossaryEntry, Step } from './types.ts';

/** Protocol, italics, values and terms that are marked already: no term is looked for inside. */
const MARKED = /(`[^`]*`|\*[^*]*\*|\{[^}]*\}|\[\[[^\]]*\]\])/;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Marks the first use of each term that is still wanted, and takes it off the list. */
function marked(text: string, wanted: Map<string, RegExp>): string {
  let parts = text.split(MARKED);
  for (const [id, pattern] of wanted) {
    const at = parts.findIndex((part, index) => index % 2 === 0 && pattern.test(part));
    if (at < 0) continue;
    parts[at] = parts[at]!.replace(pattern, (word) => `[[${id}|${word}]]`);
    parts = parts.join('').split(MARKED);
    wanted.delete(id);
  }
  return parts.join('');
}

/**
 * A step whose lede, margin note and notes mark each term of the glossary at its first use, as `[[id|words]]`.
 * @param glossary longer terms win: "access token" before "token"
 */
export function withTerms(step: Step, glossary: readonly Pick<GlossaryEntry, 'id' | 'term'>[]): Step {
  const wanted = new Map(
    [...glossary]
      .sort((a, b) => b.term.length - a.term.length)
      .map(({ id, term }) => [id, new RegExp(`(?<![\\w-])${escaped(term)}s?(?![\\w-])`, 'i')]),
  );
  return {
    ...step,
    lede: marked(step.lede, wanted),
    margin_note: marked(step.margin_note, wanted),
    notes: step.notes.map((note) => ({ ...note, note: marked(note.note, wanted) })),
  };
}
