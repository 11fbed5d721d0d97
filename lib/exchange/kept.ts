/** How the record says that something travelled and was not kept. */

/** Stands in place of a secret that is never kept: a password, a control token, a cookie. */
export const NOT_KEPT = 'not-kept';

/** Stands in place of the value of a header that the record does not know. @param length in characters */
export function notKept(length: number): string {
  return `${NOT_KEPT} (${length} characters)`;
}

/** Whether a recorded value is what travelled, as far as the record goes. */
export function isKept(value: string): boolean {
  return !/(?:^|[\s=])not-kept(?: \(\d+ characters\))?(?:$|;)/.test(value);
}
