import { oauth21 } from '#lib/config/scenarios/clauses.ts';
import { redirected, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { PATIENCE, type Run } from '../run.ts';
import { byTime } from '../seen.ts';
import { isSameBrowser } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Takes no for an answer. */
export const rule: Rule = {
  id: 'authorize.denial-respected',
  title: 'Takes no for an answer',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.1.2.1', 'Error Response'),
    {
      doc: 'MCP security best practices 2026-07-28',
      section: 'Scope Minimization',
      url:
        'https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/' +
        'security_best_practices#scope-minimization',
    },
  ],
  assessable: 'A redirect with error=access_denied was issued to this client.',
  pass: 'At most two authorization requests follow within a minute.',
  fail: 'A third one follows within a minute.',
  evidence: 'The denial and the requests after it.',
  why: 'Somebody who said no meets the same page again, until they say yes or close the browser.',
  fix: 'Report the denial and wait for the user.',
  scenarios: ['consent-denied', 'scope-step-up-denied'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, answers }) => {
      const denial = answers.find(({ error }) => error === 'access_denied');
      if (denial === undefined) return null;
      const shown = redirected(denial.seen, 'error', 'the denial');
      // An authorization that its user gave, and one in another browser, are those of other users.
      const after = run.authorizations.filter(
        (one) =>
          byTime(one.seen, denial.seen) > 0 &&
          one.seen.start <= denial.seen.end + 60_000 &&
          isSameBrowser(one.seen, seen) &&
          !one.answers.some(({ code }) => code),
      );
      if (after[2])
        return fail(
          'It asked a third time within a minute of the denial.',
          request(after[2].seen, 'the third request'),
          shown,
        );
      return run.isOver(denial.seen, PATIENCE)
        ? pass('It took no for an answer.', shown)
        : run.wait(denial.seen, PATIENCE, 'Counts a minute after the denial.');
    }),
  );
}
