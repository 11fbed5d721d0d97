import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, PLACEHOLDER } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends no placeholder for a token. */
export const rule: Rule = {
  id: 'resource.no-placeholder-token',
  title: 'Sends no placeholder for a token',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [mcp('2026-07-28', 'authorization', 'Token Handling'), rfc(6749, '5.1', 'Successful Response')],
  assessable: 'A request to an MCP endpoint has an Authorization header.',
  pass: 'The token is neither empty nor a word such as undefined, null or [object Object].',
  fail: 'It is.',
  evidence: 'The header.',
  why: 'The client took something for a token that was none, and the server can only say that it is invalid.',
  fix: 'Check access_token in the token response before you store it.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen }) => {
      const header = seen.header('authorization');
      const match = /^(?:bearer|dpop)(?:\s+(.*))?$/i.exec(header?.trim() ?? '');
      if (header === null || match === null) return null;
      const token = match[1]?.trim() ?? '';
      const shown = requestHeader(seen, 'authorization', 'the Authorization header');
      if (token === '') return fail('The token is empty.', shown);
      return PLACEHOLDER.test(token)
        ? fail(`The token is the word ${token}.`, shown)
        : passSoFar('It sends a token, and no placeholder.', shown);
    }),
  );
}
