/**
 * A text as `error_description` may hold it: printable ASCII without quotation marks and backslashes, so that it can
 * stand in a header and in an address too.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2.1
 * @returns 500 characters at most
 */
export function printable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replaceAll(/[‘’“”]/g, "'")
    .replaceAll(/[^\x20-\x7E]/g, '?')
    .slice(0, 500);
}
