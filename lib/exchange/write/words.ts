/** Finds known values in texts, to write them as variables of a program. Each text is read once. */

/** A value of a recorded run, and the expression that stands for it in the program. */
export interface Known {
  readonly text: string;
  readonly code: string;
}

/** Characters that no encoding changes. */
const WORD = /[A-Za-z0-9_~.-]+/y;
const IS_WORD = /^[A-Za-z0-9_~.-]+$/;
const ESCAPE = /%[0-9A-Fa-f]{2}/y;

/** The values that are known by now. */
export class Vocabulary {
  /** Values that are one word. */
  readonly #words = new Map<string, string>();
  /** All others, the longest first. */
  #phrases: Known[] = [];

  has(text: string): boolean {
    return this.#words.has(text) || this.#phrases.some((phrase) => phrase.text === text);
  }

  /** Adds a value; the first expression for a text stays. */
  add(text: string, code: string): void {
    if (text === '' || this.has(text)) return;
    if (IS_WORD.test(text)) {
      this.#words.set(text, code);
      return;
    }
    const encoded = encodeURIComponent(text);
    const added = [{ text, code }];
    if (encoded !== text) added.push({ text: encoded, code: `encodeURIComponent(${code})` });
    this.#phrases = [...this.#phrases, ...added].sort((a, b) => b.text.length - a.text.length);
  }

  /** The text as a template literal in which known values are variables. */
  template(text: string): string {
    let out = '';
    for (let at = 0; at < text.length; ) {
      const phrase = this.#phrases.find((candidate) => text.startsWith(candidate.text, at));
      if (phrase !== undefined) {
        out += `\${${phrase.code}}`;
        at += phrase.text.length;
        continue;
      }
      ESCAPE.lastIndex = at;
      WORD.lastIndex = at;
      const token = ESCAPE.exec(text)?.[0] ?? WORD.exec(text)?.[0] ?? text[at]!;
      const code = this.#words.get(token);
      out += code === undefined ? escaped(token) : `\${${code}}`;
      at += token.length;
    }
    return `\`${out}\``;
  }
}

/** One token as it stands inside a template literal. */
function escaped(token: string): string {
  if (token === '`' || token === '\\' || token === '$') return `\\${token}`;
  if (token.length > 1) return token;
  const code = token.charCodeAt(0);
  // Control characters, and separators that end a line in JavaScript.
  const isHidden = code < 0x20 || code === 0x7f || code === 0x2028 || code === 0x2029;
  return isHidden ? `\\u${code.toString(16).padStart(4, '0')}` : token;
}
