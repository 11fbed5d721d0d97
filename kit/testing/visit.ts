/** The user's browser, without a screen: follows an authorization to its end. */
import { AuthwalkError } from './errors.ts';
import type { Fetch } from './control.ts';

/** Redirects that are followed between the authorization request and the answer to the client. */
const MOST_REDIRECTS = 10;

/** How the user answers the consent page. */
export interface Answer {
  /** `auto`: as a user who is made up. `login`: as this user, who is made if there is none. */
  readonly action: 'auto' | 'login' | 'deny';
  readonly email?: string;
  readonly password?: string;
  /** What is granted; all that was asked for, if left out. */
  readonly scope?: readonly string[];
}

/**
 * Follows an authorization request until it leads to the client.
 * @param url the authorization request
 * @param issuer the sandbox; only its origin is followed
 * @param answer what the user says on the consent page
 * @returns the redirect to the client, which is not asked for
 * @throws AuthwalkError `wrong_issuer` if the request goes elsewhere; `not_redirected` with what the server said
 */
export async function followAuthorization(fetch: Fetch, url: URL, issuer: string, answer: Answer): Promise<URL> {
  const { origin } = new URL(issuer);
  if (!url.href.startsWith(`${issuer.replace(/\/$/, '')}/`))
    throw new AuthwalkError(
      'wrong_issuer',
      `The authorization request goes to ${url.origin}${url.pathname}, and this sandbox is ${issuer}.`,
    );
  let cookie: string | null = null;
  // A sandbox may have a second issuer: its form goes where its request came from.
  let authorize = new URL(`${issuer.replace(/\/$/, '')}/oauth/authorize`);
  let next = url;
  for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
    if (next.pathname.endsWith('/oauth/authorize')) authorize = new URL(next.pathname, next);
    const response = await fetch(next, { redirect: 'manual', headers: browserHeaders(cookie) });
    cookie = cookieOf(response) ?? cookie;
    const location = locationOf(response, next);
    if (location === null) throw await notRedirected(response, next);
    if (location.origin !== origin) return location;
    const interaction = /^\/consent\/([^/]+)$/.exec(location.pathname)?.[1];
    if (interaction !== undefined) return decide(fetch, { origin, authorize, interaction, cookie, answer });
    // The guide's own callback, and clients that live at this origin.
    if (!/\/oauth\/|\/consent\/|\/auth\//.test(location.pathname)) return location;
    next = location;
  }
  throw new AuthwalkError('not_redirected', `The authorization was redirected more than ${MOST_REDIRECTS} times.`);
}

interface Decided {
  readonly origin: string;
  /** Where the form of the consent page goes. */
  readonly authorize: URL;
  readonly interaction: string;
  readonly cookie: string | null;
  readonly answer: Answer;
}

/** The scopes that the consent page offers, which a browser sends along unless they are unticked. */
async function offeredScopes(
  fetch: Fetch,
  origin: string,
  interaction: string,
  cookie: string | null,
): Promise<string[]> {
  const url = new URL(`/consent/${interaction}`, origin);
  const response = await fetch(url, { redirect: 'manual', headers: browserHeaders(cookie) });
  if (response.status !== 200) throw await notRedirected(response, url);
  const page = await response.text();
  return [...page.matchAll(/<input type="checkbox" name="scope" value="([^"]*)"/g)].map(([, value]) =>
    unescaped(value!),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const unescaped = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

/** Sends the consent form. */
async function decide(fetch: Fetch, { origin, authorize, interaction, cookie, answer }: Decided): Promise<URL> {
  const form = new URLSearchParams({ interaction, action: answer.action });
  if (answer.email !== undefined) form.set('email', answer.email);
  if (answer.password !== undefined) form.set('password', answer.password);
  const scope =
    answer.scope ?? (answer.action === 'deny' ? [] : await offeredScopes(fetch, origin, interaction, cookie));
  for (const token of scope) form.append('scope', token);
  const response = await fetch(authorize, {
    method: 'POST',
    redirect: 'manual',
    body: form.toString(),
    headers: { ...browserHeaders(cookie), 'content-type': 'application/x-www-form-urlencoded', origin },
  });
  const location = locationOf(response, authorize);
  if (location === null) throw await notRedirected(response, authorize);
  return location;
}

const browserHeaders = (cookie: string | null): Record<string, string> => ({
  accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  ...(cookie === null ? {} : { cookie }),
});

function cookieOf(response: Response): string | null {
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? null;
}

function locationOf(response: Response, base: URL): URL | null {
  const location = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || location === null) return null;
  return URL.canParse(location, base.href) ? new URL(location, base.href) : null;
}

async function notRedirected(response: Response, url: URL): Promise<AuthwalkError> {
  const text = await response.text();
  // An error page is HTML: its text is enough.
  const says = text
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 600);
  return new AuthwalkError(
    'not_redirected',
    `The authorization did not lead back to the client: ${url.pathname} answered ${response.status}. ${says}`,
    { status: response.status },
  );
}
