/** Path and query of an address; an address that is only a path stays as it is. */
export function targetOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/';
}
