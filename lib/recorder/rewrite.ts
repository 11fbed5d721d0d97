/**
 * Rewrites values inside recorded texts: queries, forms, JSON, pages. Every other byte stays as it came. Each text is
 * read once from left to right, whatever it holds: it may be hostile, and cut in the middle.
 */
import { decodeFormPart } from '#lib/exchange/encoding.ts';

/** @returns what stands in place of a value from now on; null to leave it */
export type Replace = (name: string, value: string) => string | null;

/** Counts the characters that are looked at, so that a test can see how the work grows. */
export interface Meter {
  steps: number;
}

/** Rewrites parameters of the query and of the fragment of an address. */
export function rewriteUrl(url: string, replace: Replace, meter?: Meter): string {
  if (meter) meter.steps += url.length;
  const start = url.search(/[?#]/);
  if (start < 0) return url;
  let out = url.slice(0, start);
  let from = start;
  for (let at = start + 1; at <= url.length; at += 1) {
    if (at < url.length && url[at] !== '?' && url[at] !== '#') continue;
    out += url[from] + rewriteForm(url.slice(from + 1, at), replace, meter);
    from = at;
  }
  return out;
}

/** Rewrites parameters of a form-encoded text. */
export function rewriteForm(text: string, replace: Replace, meter?: Meter): string {
  if (meter) meter.steps += text.length;
  if (!text.includes('=')) return text;
  return text
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return pair;
      const name = pair.slice(0, equals);
      const changed = replace(decodeFormPart(name), decodeFormPart(pair.slice(equals + 1)));
      return changed === null ? pair : `${name}=${encodeURIComponent(changed)}`;
    })
    .join('&');
}

/** The end of a JSON string that begins at `from`, behind its quotation mark; the end of the text if it has none. */
function endOfString(text: string, from: number, meter?: Meter): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (meter) meter.steps += 1;
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** What a JSON string says. One that is cut or malformed says what stands in it. */
function said(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return token.replace(/^"/, '').replace(/"$/, '');
  }
}

/**
 * Rewrites strings, numbers and booleans in JSON by the name of their member; members of lists have the name of the
 * list. The text need not be complete.
 */
export function rewriteJson(text: string, replace: Replace, meter?: Meter): string {
  let out = '';
  let at = 0;
  /** Names of the members that enclose this place, the innermost last. */
  const names: string[] = [];
  let name = '';
  const value = (token: string, plain: string): void => {
    const changed = name === '' ? null : replace(name, plain);
    out += changed === null ? token : JSON.stringify(changed);
  };
  while (at < text.length) {
    if (meter) meter.steps += 1;
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at, meter);
      const token = text.slice(at, end);
      at = end;
      if (/^\s*:/.test(text.slice(at, at + 20))) {
        name = said(token);
        out += token;
      } else value(token, said(token));
    } else if (character === '{' || character === '[') {
      names.push(name);
      if (character === '{') name = '';
      out += character;
      at += 1;
    } else if (character === '}' || character === ']') {
      name = names.pop() ?? '';
      out += character;
      at += 1;
    } else {
      const plain = /[^\s,:{}[\]"]+/y;
      plain.lastIndex = at;
      const token = plain.exec(text)?.[0];
      if (token === undefined || token === 'null') {
        out += token ?? character;
        at += token?.length ?? 1;
      } else {
        value(token, token);
        at += token.length;
      }
    }
  }
  return out;
}

/** Rewrites the JSON in the `data` lines of an event stream. */
export function rewriteEvents(text: string, replace: Replace, meter?: Meter): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('data:') ? `data:${rewriteJson(line.slice(5), replace, meter)}` : line))
    .join('\n');
}

/** Rewrites a page: fields of its forms, and parameters in the addresses that it names. */
export function rewritePage(text: string, replace: Replace, meter?: Meter): string {
  if (meter) meter.steps += text.length;
  return text
    .split('<')
    .map((tag) => {
      const named = /^input\b/i.test(tag) ? attributeOf(tag, 'name') : null;
      const valued = named && attributeOf(tag, 'value');
      if (!named || !valued) return rewriteAddresses(tag, replace);
      const changed = replace(named.text, valued.text);
      return changed === null ? tag : tag.slice(0, valued.from) + changed + tag.slice(valued.to);
    })
    .join('<');
}

function attributeOf(tag: string, name: string): { text: string; from: number; to: number } | null {
  const start = tag.indexOf(` ${name}="`);
  if (start < 0) return null;
  const from = start + name.length + 3;
  const to = tag.indexOf('"', from);
  return to < 0 ? null : { text: tag.slice(from, to), from, to };
}

/** Parameters after `?`, `&` or `&amp;`, wherever they stand in a text. */
function rewriteAddresses(text: string, replace: Replace): string {
  if (!text.includes('=')) return text;
  const mark = /[?&]/g;
  const pair = /([A-Za-z_]{1,100})=([^&"'<>\s]+)/y;
  let out = '';
  let from = 0;
  while (mark.test(text)) {
    if (text.startsWith('amp;', mark.lastIndex)) mark.lastIndex += 4;
    pair.lastIndex = mark.lastIndex;
    const match = pair.exec(text);
    if (match === null) continue;
    const [, name = '', value = ''] = match;
    const changed = replace(name, decodeFormPart(value));
    if (changed !== null) {
      out += `${text.slice(from, mark.lastIndex)}${name}=${encodeURIComponent(changed)}`;
      from = pair.lastIndex;
    }
    mark.lastIndex = pair.lastIndex;
  }
  return out + text.slice(from);
}

/** Characters that secrets are made of: the ones that no encoding changes. */
const WORD = /[A-Za-z0-9_~.-]+/g;

/**
 * Replaces known values wherever they stand as a word of their own, or are the whole text.
 * @param masks by value
 */
export function replaceWords(text: string, masks: ReadonlyMap<string, string>, meter?: Meter): string {
  if (meter) meter.steps += text.length;
  if (masks.size === 0) return text;
  return masks.get(text) ?? text.replace(WORD, (word) => masks.get(word) ?? withoutDots(word, masks));
}

/** A word at the end of a sentence carries its full stop. */
function withoutDots(word: string, masks: ReadonlyMap<string, string>): string {
  let end = word.length;
  while (word[end - 1] === '.') end -= 1;
  const mask = end < word.length ? masks.get(word.slice(0, end)) : undefined;
  return mask === undefined ? word : mask + word.slice(end);
}

/** The same with every text in a JSON value. */
export function replaceInValue(value: unknown, masks: ReadonlyMap<string, string>, meter?: Meter): unknown {
  if (typeof value === 'string') return replaceWords(value, masks, meter);
  if (Array.isArray(value)) return value.map((item) => replaceInValue(item, masks, meter));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceInValue(item, masks, meter)]));
}
