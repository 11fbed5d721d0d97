import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { clientAt } from '../clients.ts';
import { parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** A confidential client authenticates while refreshing. */
export const rule: Rule = {
  id: 'refresh.authenticated',
  title: 'A confidential client authenticates while refreshing',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.3.1', 'Token Endpoint Extension'), rfc(6749, '6', 'Refreshing an Access Token')],
  assessable: 'A refresh request arrived for a token of a confidential client.',
  pass: 'It carries valid client authentication.',
  fail: 'It carries none.',
  evidence: 'The request.',
  why: 'Else a stolen refresh token is enough.',
  fix: 'Authenticate as with the code.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh, methods }) => {
      const owner = run.ledger.byRefresh.get(refresh ?? '')?.request.clientId;
      const method = clientAt(run, owner ?? null, seen)?.method ?? null;
      if (method === null || method === 'none') return null;
      return methods.length > 0
        ? passSoFar(
            'It authenticates while refreshing.',
            methods[0] === 'client_secret_basic'
              ? requestHeader(seen, 'authorization', 'its credentials')
              : parameter(
                  seen,
                  methods[0] === 'private_key_jwt' ? 'client_assertion' : 'client_secret',
                  'its credentials',
                ),
          )
        : fail('It does not authenticate while refreshing.', {
            ...requestHeader(seen, 'authorization', 'the credentials that are missing'),
            expected: method,
          });
    }),
  );
}
