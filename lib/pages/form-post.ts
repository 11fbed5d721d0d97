/**
 * The page of `response_mode=form_post`: the answer is a form that the browser sends to the client.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** All that the page runs. Its hash stands in the policy, so nothing else can run. */
const SCRIPT = 'document.forms[0].submit()';

/** The policy of this page, which runs one script; every other answer of the protocol runs none. */
export const FORM_POST_POLICY =
  "default-src 'none'; " +
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'; ` +
  "base-uri 'none'; frame-ancestors 'none'";

export interface FormPost {
  /** Address that the form is sent to: the redirect URI. */
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Whether the form waits for a click, because nobody has approved this address yet. */
  readonly click: boolean;
}

const STRANGER = html`<p>A client sent you through this test server, and wants the answer there.
Anyone can register a client here: nobody has checked who owns that address.
If you did not start this, close the page. Nothing has been sent yet.</p>`;

/** Renders the form, with a button for browsers without script. */
export async function formPost({ action, fields, click }: FormPost): Promise<Response> {
  const url = new URL(action);
  const place = url.host === '' ? url.protocol : url.host;
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>Leaving for ${place} · Authwalk</title>
</head>
<body>
<h1>${click ? html`You are leaving for ${place}` : html`Sending the answer to ${place}`}</h1>
${click ? STRANGER : ''}
<form method="post" action="${action}">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">Go on to ${place}</button>
</form>
${click ? '' : html`<script>${raw(SCRIPT)}</script>`}
</body>
</html>
`;
  return new Response(String(await text), {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      'Content-Security-Policy': FORM_POST_POLICY,
      // The receiver learns where the answer comes from, and not with which parameters it was asked for.
      'Referrer-Policy': 'origin',
      'X-Robots-Tag': 'noindex',
    },
  });
}
