import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, request } from '../exhibits.ts';
import { fail, pass, passSoFar, worst } from '../findings.ts';
import { attemptsOf, everyOne } from '../look.ts';
import { isUrl } from '../addresses.ts';
import { PATIENCE, type Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Heeds a refused registration. */
export const rule: Rule = {
  id: 'registration.refusal-heeded',
  title: 'Heeds a refused registration',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'registration', 'Application Type and Redirect URI Constraints'),
    rfc(7591, '3.2.2', 'Client Registration Error Response'),
  ],
  assessable: 'A registration got 400 invalid_redirect_uri or invalid_client_metadata, and the answer was delivered.',
  pass: 'The client changes the request, stops, or takes another way to an identifier.',
  fail:
    'The identical body is posted more than three times within a minute, or an authorization request comes ' +
    'with a client_id that nobody issued.',
  evidence: 'The refusal and what followed.',
  why: 'The same request cannot succeed. The user waits meanwhile and learns nothing.',
  fix: 'Show error and error_description; try once more with another application_type at most.',
  scenarios: ['register-rejects-redirect-uri', 'register-requires-application-type'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const attempts = attemptsOf(run);
  return worst(
    everyOne(attempts, ({ seen }) => {
      if (seen.status !== 400 || !seen.delivered || !REFUSALS.has(seen.error ?? '')) return null;
      const shown = answerMember(seen, 'error', 'the refusal');
      const same = attempts.filter(
        (one) =>
          one.seen.exchange.request.body === seen.exchange.request.body &&
          one.seen.start >= seen.start &&
          one.seen.start <= seen.start + 60_000,
      );
      if (same.length > 3)
        return fail(
          'The same request came more than three times in a minute.',
          request(same[3]!.seen, 'the fourth time'),
          shown,
        );
      const stranger = run.authorizations.find(
        ({ seen: one, clientId }) =>
          byTime(one, seen) > 0 && clientId !== null && !isUrl(clientId) && !run.ledger.clients.has(clientId),
      );
      if (stranger && !run.forgot)
        return fail(
          'It went on with an identifier that nobody issued.',
          parameter(stranger.seen, 'client_id', 'client_id of the authorization request'),
          shown,
        );
      const other = run
        .after(seen)
        .find(
          (one) =>
            (one.endpoint === 'register' && one.exchange.request.body !== seen.exchange.request.body) ||
            one.endpoint === 'authorize',
        );
      if (other)
        return passSoFar('It changed its request, or took another way.', request(other, 'what followed'), shown);
      return run.isOver(seen, PATIENCE)
        ? pass('It stopped.', shown)
        : run.wait(seen, PATIENCE, 'Counts after 60 seconds.');
    }),
  );
}

const REFUSALS: ReadonlySet<string> = new Set(['invalid_redirect_uri', 'invalid_client_metadata']);
