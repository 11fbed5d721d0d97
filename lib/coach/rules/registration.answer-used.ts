import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime, textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses what the registration returned. */
export const rule: Rule = {
  id: 'registration.answer-used',
  title: 'Uses what the registration returned',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(7591, '3.2.1', 'Client Information Response'), oauth21('2.4', 'Client Authentication')],
  assessable:
    'The registration answer differs from the request in token_endpoint_auth_method, and a token request of ' +
    'this client arrived.',
  pass: 'The token request authenticates in the way of the answer.',
  fail: 'It authenticates in the way of the request, or not at all.',
  evidence: 'Both messages of the registration, and the token request.',
  why: 'The server registers what it chooses to, and the answer says what that is.',
  fix: 'Store the answer and configure the client from it.',
  scenarios: ['register-changes-auth-method', 'secret-special-characters'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.registrations, ({ seen, asked, answered, clientId }) => {
      const wanted = textOf(asked, 'token_endpoint_auth_method');
      const given = textOf(answered, 'token_endpoint_auth_method');
      if (wanted === null || given === null || wanted === given) return null;
      // The client has changed its registration since: nobody knows which request knew of which.
      if (run.ledger.clients.get(clientId)?.method !== given) return null;
      const shown = answerMember(seen, 'token_endpoint_auth_method', 'the method of the answer', wanted);
      return worst(
        run.tokenRequests
          .filter((one) => one.clientId === clientId && byTime(one.seen, seen) > 0)
          .map((one) => {
            const used = one.methods.join(' and ') || 'none';
            const place = request(one.seen, `the token request, which authenticates by ${used}`, given);
            return used === given
              ? passSoFar('It authenticates as the answer says.', place, shown)
              : fail(`It was registered with ${given} and authenticates by ${used}.`, place, shown);
          }),
      );
    }),
  );
}
