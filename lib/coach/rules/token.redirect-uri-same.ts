import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { clientAt } from '../clients.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { differenceOf, everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Repeats the redirect URI or leaves it out. */
export const rule: Rule = {
  id: 'token.redirect-uri-same',
  title: 'Repeats the redirect URI or leaves it out',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '4.1.3', 'Access Token Request'), oauth21('10.2', 'Redirect URI Parameter in Token Request')],
  assessable: 'A token request for a code has redirect_uri.',
  pass: 'It is the one of the authorization request, byte for byte.',
  fail: 'It differs.',
  evidence: 'Both.',
  why:
    'Servers of OAuth 2.0 compare them. OAuth 2.1 no longer needs the parameter, and clients of both kinds ' +
    'send it.',
  fix: 'Keep the redirect URI with the flow, with its port.',
  scenarios: [],
  pitfalls: ['Where the authorization request had none, the registered one counts as the one sent.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, authorization, clientId }) => {
      const sent = seen.param('redirect_uri') || null;
      if (!authorization || sent === null) return null;
      const registered = clientAt(run, clientId, seen)?.redirectUris ?? [];
      const expected = (authorization.parameters.get('redirect_uri') || null) ?? registered[0];
      if (expected === undefined) return null;
      const shown = parameter(seen, 'redirect_uri', 'redirect_uri of the token request', expected);
      return sent === expected
        ? passSoFar('It repeats the redirect URI.', shown)
        : fail(
            `It sends another redirect URI: ${differenceOf(sent, expected)}.`,
            shown,
            parameter(
              authorization.pushed ?? authorization.seen,
              'redirect_uri',
              'redirect_uri of the authorization request',
            ),
          );
    }),
  );
}
