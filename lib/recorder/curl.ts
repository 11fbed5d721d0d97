/** A run as a script of curl commands, in the order in which it went. */
import type { Exchange } from '#lib/exchange/types.ts';

/** Headers that curl or the connection writes. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'keep-alive',
  'upgrade-insecure-requests',
  'cookie',
  'te',
  'priority',
]);

/** A text in single quotes, as a POSIX shell reads it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One request as a curl command. */
export function curlOf({ request }: Exchange): string {
  const lines = [
    `curl -sS -i --globoff${request.method === 'GET' ? '' : request.method === 'HEAD' ? ' -I' : ` -X ${request.method}`} ${quote(request.url)}`,
  ];
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (NOT_SENT.has(lower) || lower.startsWith('sec-')) continue;
    // A header without a value would be taken for one to leave out.
    lines.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (request.body !== null) lines.push(`--data-raw ${quote(request.body)}`);
  return lines.join(' \\\n  ');
}

/** The whole run. Values are those of the run: codes and tokens that were used up stay used up. */
export function toCurl(exchanges: readonly Exchange[]): string {
  const parts = exchanges.map((exchange) => {
    const answer =
      exchange.response === null ? 'no answer' : `${exchange.response.status} ${exchange.response.statusText}`;
    const masked = exchange.redacted.length === 0 ? '' : `\n# masked: ${exchange.redacted.join(', ')}`;
    return `# ${exchange.seq}  ${exchange.endpoint}  ${exchange.at}  ->  ${answer}${exchange.reason === null ? '' : `  (${exchange.reason})`}${masked}\n${curlOf(exchange)}\necho\n`;
  });
  return `#!/bin/sh\n# A run recorded by Authwalk.\n\n${parts.join('\n')}`;
}
