import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refreshes as the client that got the token. */
export const rule: Rule = {
  id: 'refresh.same-client',
  title: 'Refreshes as the client that got the token',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(6749, '6', 'Refreshing an Access Token'),
    oauth21('4.3', 'Refresh Token Grant'),
    oauth21('4.3.1', 'Token Endpoint Extension'),
  ],
  assessable: 'A refresh request that names a client arrived with a refresh token of this sandbox.',
  pass: 'client_id, or the client that authenticates, is the one it was issued to.',
  fail: 'It is another one.',
  evidence: 'Both identifiers, and when the second was registered.',
  why: 'Refresh tokens are bound to their client.',
  fix: 'Store registration and tokens together. A client that registers again has to drop the old tokens.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh, clientId }) => {
      const owner = run.ledger.byRefresh.get(refresh ?? '')?.request;
      if (!owner?.clientId || (!seen.param('client_id') && seen.basic === null && !seen.param('client_assertion')))
        return null;
      const shown = seen.param('client_id')
        ? parameter(seen, 'client_id', 'who refreshes', owner.clientId)
        : requestHeader(seen, 'authorization', 'who refreshes', owner.clientId);
      return clientId === owner.clientId
        ? passSoFar('It refreshes as the client that got the token.', shown)
        : fail(
            'It refreshes as another client.',
            shown,
            answerMember(owner.seen, 'refresh_token', `the token of ${owner.clientId}`),
          );
    }),
  );
}
