import { rpcOf } from '#lib/exchange/read.ts';
import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, request } from '../exhibits.ts';
import { fail, pass, passSoFar, waiting, worst } from '../findings.ts';
import { everyOne, operationOf } from '../look.ts';
import type { Run } from '../run.ts';
import type { Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Waits as long as it is told. */
export const rule: Rule = {
  id: 'token.retry-after-heeded',
  title: 'Waits as long as it is told',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(6585, '4', '429 Too Many Requests'), rfc(9110, '10.2.3', 'Retry-After')],
  assessable: '429 or 503 with Retry-After was delivered to this client.',
  pass: 'Its next request to the same endpoint comes no sooner than told, less half a second, or none comes.',
  fail: 'It comes sooner.',
  evidence: 'Retry-After, and the real time until the next request.',
  why: 'A server that asks for time gets less done with every request that comes too early.',
  fix: 'Read Retry-After in seconds or as a date, and wait.',
  scenarios: [
    'token-endpoint-rate-limited',
    'token-endpoint-503',
    'register-rate-limited',
    'resource-rate-limited',
    'resource-unavailable',
    'refresh-unavailable',
    'metadata-flaky',
  ],
  pitfalls: [
    "Measured in real time, whatever the sandbox's clock says.",
    'A parallel request that was on its way does not count.',
    'For metadata the next address of the order may be asked at once.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.seen, (seen) => {
      if ((seen.status !== 429 && seen.status !== 503) || !seen.delivered) return null;
      const wait = retryAfter(seen);
      if (wait === null) return null;
      const shown = answerHeader(seen, 'retry-after', 'how long it should wait');
      const next = run.after(seen).find((one) => one.start > seen.end && isSame(one, seen));
      const due = seen.end + wait;
      if (next) {
        const gap = next.start - seen.end;
        const place = request(next, `the next request, ${(gap / 1000).toFixed(1)} s later`);
        return gap >= wait - 500
          ? passSoFar('It waited as long as it was told.', place, shown)
          : fail(`It waited ${(gap / 1000).toFixed(1)} s of ${wait / 1000} s.`, place, shown);
      }
      return run.closed || run.now >= due
        ? pass('It did not come back before the time was over.', shown)
        : waiting(due, 'The time that it was told to wait is not over.');
    }),
  );
}

function retryAfter(seen: Seen): number | null {
  const text = seen.answerHeader('retry-after')?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - seen.end);
}

/** Whether two requests ask the same thing of the same address, with the same right: not those of two users. */
function isSame(a: Seen, b: Seen): boolean {
  return (
    a.path === b.path &&
    operationOf(a) === operationOf(b) &&
    argumentsOf(a) === argumentsOf(b) &&
    a.token?.token === b.token?.token &&
    ['grant_type', 'code', 'refresh_token', 'device_code'].every((name) => a.param(name) === b.param(name))
  );
}

/** What a tool is called with: another call of the same tool may have been on its way. */
function argumentsOf({ exchange }: Seen): string {
  return JSON.stringify(rpcOf(exchange)?.params.arguments ?? null);
}
