/** An exchange as text: as it travelled, and as the beginning of an issue. */
import { clauses } from '#lib/spec/clauses.ts';
import { reasonOf } from './reason.ts';
import { rowWords } from './rows.ts';
import type { Exchange } from './types.ts';

/** Request and response as they travelled, secrets as they are shown. */
export function httpText({ request, response }: Exchange): string {
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/';
  const version = `HTTP/${request.httpVersion.replace('HTTP/', '')}`;
  const message = (first: string, headers: Exchange['request']['headers'], body: string | null) =>
    `${first}\n${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${body ? `\n${body}\n` : ''}`;
  const asked = message(`${request.method} ${target} ${version}`, request.headers, request.body);
  if (!response) return `${asked}\n`;
  const first = `${version} ${response.status} ${response.statusText}`;
  return `${asked}\n${message(first, response.headers, response.body)}`;
}

/**
 * An exchange as an issue that somebody else can act on: what was sent, what was answered, why, and where to look.
 * @param address of this exchange
 */
export function exchangeIssue(exchange: Exchange, title: string, address: string): string {
  const { path, detail, status } = rowWords(exchange);
  const reason = reasonOf(exchange.reason);
  const failed = exchange.between.find(({ ok }) => !ok);
  const clause =
    reason?.clause ??
    (failed?.clause && Object.hasOwn(clauses, failed.clause) ? clauses[failed.clause as keyof typeof clauses] : null);
  return [
    `## ${title}: ${exchange.request.method} ${path}${detail ? ` (${detail})` : ''}, ` +
      `${exchange.response ? status : 'no answer'}`,
    '',
    ...(reason ? [`${reason.says}`, ''] : failed ? [failed.says, ''] : []),
    ...(clause ? [`Clause: [${clause.label}](${clause.url})`, ''] : []),
    ...(exchange.acted.length > 0
      ? [`On purpose: ${exchange.acted.map(({ kind, name }) => `${kind} \`${name}\``).join(', ')}`, '']
      : []),
    '```http',
    httpText(exchange).trimEnd(),
    '```',
    '',
    ...(exchange.between.length > 0
      ? ['What the server did:', '', ...exchange.between.map(({ says, ok }) => `- ${ok ? '' : '**no**: '}${says}`), '']
      : []),
    `Seen by Authwalk: ${address}`,
    '',
  ].join('\n');
}
