/** Requests as curl commands. */
import { type Change, type Exchange, type HttpRequest, isChange, type LedgerEntry } from '../types.ts';
import { ownHeaders } from './headers.ts';

/** A word for a POSIX shell: as it is if it is harmless, else in single quotes, where nothing is read. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * One request as a curl command: pasting it sends the same method, address, headers and body.
 * @param options further options of curl, before all others
 */
export function toCurl(request: HttpRequest, options = '-i'): string {
  const { method, url, body } = request;
  const verb = method === 'HEAD' ? ' -I' : method === 'GET' && body === null ? '' : ` -X ${method}`;
  const globs = /[[\]{}]/.test(url) ? ' --globoff' : '';
  const lines = [`curl ${options}${globs}${verb} ${shellWord(url)}`];
  // A header without a value would be taken for one to leave out.
  for (const [name, value] of ownHeaders(request))
    lines.push(`-H ${shellWord(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${shellWord(body)}`);
  return lines.join(' \\\n  ');
}

/**
 * A whole run as a shell script. Values are those of the run: codes and tokens that were used up stay used up.
 * @param control address of the sandbox in the control API: what was done to the sandbox is done again there, with the
 *   control token in `$CONTROL_TOKEN`
 */
export function toCurlScript(entries: readonly LedgerEntry[], control: string): string {
  const parts = entries.map((entry) => (isChange(entry) ? changePart(entry, control) : exchangePart(entry)));
  return `#!/bin/sh\n# A run recorded by Authwalk.\n\n${parts.filter((part) => part !== '').join('\n')}`;
}

function exchangePart(exchange: Exchange): string {
  const { seq, endpoint, at, response, reason, redacted, request } = exchange;
  const answer = response === null ? 'no answer' : `${response.status} ${response.statusText}`;
  const masked = redacted.length === 0 ? '' : `\n# masked: ${redacted.join(', ')}`;
  const why = reason === null ? '' : `  (${reason})`;
  return `# ${seq}  ${endpoint}  ${at}  ->  ${answer}${why}${masked}\n${toCurl(request, '-sS -i')}\necho\n`;
}

/** What the owner did to the sandbox, done again. What a stage did, happens by itself. */
function changePart({ seq, at, what, by, did }: Change, control: string): string {
  const heading = `# ${seq}  ${what} changed by ${by}  ${at}\n`;
  if (did === null) return heading;
  const lines = [
    `curl -sS -o /dev/null -X ${did.method} ${shellWord(control + did.path)}`,
    '-H "Authorization: Bearer $CONTROL_TOKEN"',
    ...(did.body === null
      ? []
      : ["-H 'Content-Type: application/json'", `--data-raw ${shellWord(JSON.stringify(did.body))}`]),
  ];
  return `${heading}${lines.join(' \\\n  ')}\n`;
}
