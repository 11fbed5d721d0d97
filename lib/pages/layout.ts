/**
 * The plain pages of the authorization server: those that stand in the middle of a protocol and must
 * work when nothing else does. One static stylesheet, no script, nothing inline.
 */
import { html } from 'hono/html';

/** Markup that is escaped already. */
export type Markup = ReturnType<typeof html>;

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Markup | Promise<Markup>;
  /** Shown in the head; absent: the default sandbox, or none. */
  readonly sandboxId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What stands beside the name in the head; absent: Authorization server. */
  readonly place?: string;
  /** Whether the page holds a form that is sent to this server. */
  readonly form?: boolean;
}

/**
 * No script runs, no frame holds it; links and, if there is one, the form work. The origin is kept
 * if there is a form, or the form would be sent as from nowhere (`Origin: null`).
 */
const POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const LINKS = 'sandbox allow-top-navigation-by-user-activation allow-top-navigation-to-custom-protocols';

/** Renders a page as a response that is not stored, indexed or framed. */
export async function page({
  status,
  title,
  body,
  sandboxId,
  headers,
  place = 'Authorization server',
  form = false,
}: Page): Promise<Response> {
  const sandbox = sandboxId && sandboxId !== 'default' ? html`, sandbox <code>${sandboxId.slice(0, 8)}</code>` : '';
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title} · Authwalk</title>
<link rel="stylesheet" href="/plain.css">
</head>
<body>
<header class="bar"><a class="brand" href="/">authwalk</a> <span class="at">${place}${sandbox}</span></header>
<main class="sheet">
${await body}
</main>
</body>
</html>
`;
  return new Response(String(await text), {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      Vary: 'Accept',
      'Content-Security-Policy': form ? `${LINKS} allow-forms allow-same-origin; ${POLICY}` : `${LINKS}; ${POLICY}`,
      'Referrer-Policy': form ? 'same-origin' : 'no-referrer',
      'X-Robots-Tag': 'noindex',
      ...headers,
    },
  });
}
