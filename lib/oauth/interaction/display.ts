/** What a client says of itself, made fit to be shown to a person. */

/** Control characters, and those that turn the direction of writing or take no room. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
  /[\0-\x1F\x7F-\x9F\xAD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\p{Cs}\p{Co}]/gu;
const MAX_NAME = 80;

/** A `client_name` without what could deceive, 80 characters at most; null if nothing is left. */
export function plainName(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const clean = [...name.replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim()].slice(0, MAX_NAME).join('').trim();
  return clean === '' ? null : clean;
}

/** A link of a client, shown only where it is https; null otherwise. */
export function plainLink(url: unknown): string | null {
  if (typeof url !== 'string' || url.length > 2000 || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === 'https:' && !parsed.username && !parsed.password ? parsed.href : null;
}
