/**
 * A text without this character at its end, however often it stands there. A regular expression such as `/x+$/` looks
 * at a run of the character once for each of its places, which a stranger can make long.
 * @param character one UTF-16 unit
 */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}
