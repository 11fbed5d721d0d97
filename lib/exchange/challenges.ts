/** Reads `WWW-Authenticate`. */

export interface Challenge {
  /** As it was written: `Bearer`, `bearer`. */
  readonly scheme: string;
  /** By name in lower case; the first of a name counts. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const PARAMETER = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const SEPARATOR = /[ \t,]*/y;

/**
 * The challenges of a header value, in order. What cannot be read ends the list.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(text: string | null): Challenge[] {
  if (text === null) return [];
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATOR);
    if (at >= text.length) return challenges;
    const parameter = take(PARAMETER);
    if (parameter !== null) {
      const [, name, quoted, plain] = parameter;
      const parameters = challenges.at(-1)?.parameters;
      const key = name!.toLowerCase();
      if (parameters && !Object.hasOwn(parameters, key)) {
        const value = quoted === undefined ? plain! : quoted.replace(/\\(.)/g, '$1');
        Object.defineProperty(parameters, key, { value, enumerable: true, configurable: true, writable: true });
      }
      continue;
    }
    const scheme = take(TOKEN);
    if (scheme === null || text[at] === '=') return challenges;
    challenges.push({ scheme: scheme[0], parameters: {} });
    const spaces = /[ \t]+/y;
    if (take(spaces) !== null && isToken68(text, at)) take(TOKEN68);
  }
}

/** Whether credentials in one word follow, and not the next scheme or a parameter. */
function isToken68(text: string, at: number): boolean {
  TOKEN68.lastIndex = at;
  return TOKEN68.test(text);
}
