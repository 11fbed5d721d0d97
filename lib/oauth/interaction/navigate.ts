/**
 * Sending a browser on to an address that a client registered. Anyone can register a client here, so on a public
 * instance that alone would make an open redirector: a link that begins with a name that people trust and ends
 * anywhere. Hence the page in between.
 */
import { formPost } from '#lib/pages/form-post.ts';
import { interstitial } from '#lib/pages/interstitial.ts';
import { check, note } from '../checks/check.ts';
import { isLoopbackRedirect } from '../checks/redirect-uri.ts';
import { redirectUriSafe } from '../checks/redirect-uri-safe.ts';
import type { Context } from '../context.ts';
import { showsControlToken } from './control.ts';

export interface Navigation {
  readonly to: string;
  /** Whether the user has approved this address a moment ago, on a page that named it. */
  readonly approved: boolean;
  /** 303 if the request carried credentials. @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.12 */
  readonly status?: 302 | 303;
  /** Parameters that travel as a form instead of in the address (`response_mode=form_post`). */
  readonly form?: readonly (readonly [name: string, value: string])[];
}

/**
 * Redirects, or shows where it would go and waits for a click.
 * @throws OAuthError delivered as a page if the address is one that a browser would run
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.11.2
 */
export async function navigate(ctx: Context, { to, approved, status = 302, form }: Navigation): Promise<Response> {
  check(ctx.trace, redirectUriSafe, to);
  const click = mustShowFirst(ctx, to, approved);
  if (click) {
    note(ctx.trace, 'no-open-redirector', 'The user is shown where this leads, and has to click', 'oauth21-7.12.2', {
      to: hostOf(to),
    });
  }
  if (form !== undefined) return formPost({ action: to, fields: form, click });
  if (click) return interstitial(ctx.tenant, to);
  return new Response(null, {
    status,
    headers: { Location: to, 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Referrer-Policy': 'no-referrer' },
  });
}

function mustShowFirst(ctx: Context, to: string, approved: boolean): boolean {
  return (
    ctx.tenant.isPublic &&
    !approved &&
    isNavigation(ctx.request.headers) &&
    !isLoopbackRedirect(to.split('#')[0]!) &&
    !isOwn(ctx, to) &&
    !showsControlToken(ctx)
  );
}

/**
 * Whether a browser is being sent somewhere. Over plain http it sends no fetch metadata, but still asks to be
 * upgraded.
 */
export function isNavigation(headers: Pick<Headers, 'get' | 'has'>): boolean {
  const mode = headers.get('sec-fetch-mode');
  return mode === 'navigate' || (mode === null && headers.get('upgrade-insecure-requests') === '1');
}

/** The guide's own callback and the like: an address of this very site leads nowhere else. */
function isOwn(ctx: Context, to: string): boolean {
  return URL.canParse(to) && new URL(to).origin === ctx.tenant.origin;
}

function hostOf(to: string): string {
  return URL.canParse(to) ? new URL(to).host || new URL(to).protocol : to.slice(0, 100);
}
