/** Client credentials in an `Authorization` header. */

/** Form-escaped, as names and secrets have to be before they are joined. */
export function formEscaped(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}

/** Base64 of `id:secret`, in UTF-8. @see https://datatracker.ietf.org/doc/html/rfc7617#section-2 */
export function basic(id: string, secret: string): string {
  const bytes = new TextEncoder().encode(`${id}:${secret}`);
  return btoa(String.fromCharCode(...bytes));
}
