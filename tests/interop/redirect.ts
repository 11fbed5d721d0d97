/** What stands in for the user's browser: opens the authorization URL, and reads the answer from the redirect. */

/** Where the clients of these tests have themselves called back. Nothing listens there. */
export const redirectUri = 'http://127.0.0.1:53682/callback';

/**
 * Opens an authorization URL with consent given in advance.
 * @param url the authorization URL that the client built
 * @param extra further parameters, such as `expires_in`
 * @returns the URL that the browser is sent to
 */
export async function authorizeHeadless(url: URL, extra: Readonly<Record<string, string>> = {}): Promise<URL> {
  const whole = new URL(url);
  for (const [name, value] of Object.entries({
    ...(extra.auto_approve_email === undefined ? { auto_approve: 'true' } : {}),
    ...extra,
  }))
    whole.searchParams.set(name, value);
  const response = await fetch(whole, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (response.status !== 302 || location === null)
    throw new Error(`Authorization: ${response.status} ${await response.text()}`);
  return new URL(location);
}
