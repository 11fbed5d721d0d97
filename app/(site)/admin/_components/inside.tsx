import type { HttpMessage, LedgerEntry } from '#lib/exchange/types.ts';
import { isChange } from '#lib/exchange/types.ts';

/** What the operator's API tells of a sandbox. */
export interface Looked {
  readonly exchanges: readonly LedgerEntry[];
}

/** How many of the latest entries are shown, and how much of a body. */
const SHOWN = 12;
const MAX_BODY = 4_000;

/** The latest exchanges, with secrets masked. They are fetched when somebody looks: that is noted among the events. */
export function Inside({ inside }: { inside: Looked | string }) {
  if (typeof inside === 'string') return inside;
  if (inside.exchanges.length === 0) return 'Nothing was recorded.';
  return (
    <ol>
      {inside.exchanges.slice(-SHOWN).map((one) => (
        <li key={one.seq}>
          {isChange(one) ? (
            `changed: ${one.what}`
          ) : (
            <details>
              <summary>
                {one.request.method} {one.endpoint} {one.response?.status ?? 'dropped'}
              </summary>
              <pre>
                {textOf(
                  `${one.request.method} ${pathOf(one.request.url)} HTTP/${one.request.httpVersion}`,
                  one.request,
                )}
                {one.response === null
                  ? null
                  : `\n\n${textOf(`${one.response.status} ${one.response.statusText}`.trim(), one.response)}`}
              </pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A message as text: its first line, its headers, its body. */
function textOf(first: string, { headers, body }: HttpMessage): string {
  const head = [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return body === null || body === '' ? head : `${head}\n\n${body.slice(0, MAX_BODY)}`;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url, 'http://localhost');
  return pathname + search;
}
