import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { clientAt } from '../clients.ts';
import { answerMember, parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime, textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Authenticates in the registered way. */
export const rule: Rule = {
  id: 'token.auth-method',
  title: 'Authenticates in the registered way',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('2.4', 'Client Authentication'),
    rfc(7591, '2', 'Client Metadata'),
    rfc(7591, '3.2.1', 'Client Information Response'),
  ],
  assessable:
    'A token request arrived from a client whose method is known, by registration, document or configuration.',
  pass: 'The method used is the registered one.',
  fail: 'It is another one, or none where one is registered, or one where none is.',
  evidence: 'The registered method, and the one used.',
  why: 'Servers enforce it. Some look only at the first place where they find something.',
  fix:
    "Read token_endpoint_auth_method from the registration's answer, where a missing value means " +
    'client_secret_basic.',
  scenarios: [],
  pitfalls: [
    'client_id in the body beside HTTP Basic is not a second method.',
    'An empty client_secret in the body of a public client counts as none, with a note.',
    'A client that registered no method, which means client_secret_basic, and uses the other method of a ' +
      'secret gets a warning.',
  ],
  checks: ['token-endpoint-auth-method', 'pre-registration-auth', 'client-credentials-basic-auth'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, clientId, issuer, methods }) => {
      const client = clientAt(run, clientId, seen);
      if (client === undefined || client.method === null || methods.length > 1) return null;
      // By this knob the identity provider takes an identifier without a secret.
      if (issuer === `${run.base}/idp` && methods.length === 0 && run.knob(seen, 'idp.clientAuth') !== 'required')
        return null;
      const registration = run.ledger.registrations.find((one) => one.clientId === clientId);
      const asked = registration && textOf(registration.asked, 'token_endpoint_auth_method');
      // That the answer changed the method is the business of another rule.
      if (registration && asked !== null && asked !== client.method) return null;
      if (seen.param('grant_type') === 'refresh_token' && methods.length === 0 && client.method !== 'none') return null;
      const used = methods[0] ?? 'none';
      const shown =
        used === 'client_secret_basic'
          ? requestHeader(seen, 'authorization', 'how it authenticates', client.method)
          : {
              ...parameter(
                seen,
                used === 'private_key_jwt' ? 'client_assertion' : 'client_secret',
                'how it authenticates',
                client.method,
              ),
            };
      if (used === client.method) return passSoFar(`It authenticates by ${used}, as registered.`, shown);
      const place = registration
        ? [answerMember(registration.seen, 'token_endpoint_auth_method', 'the registered method')]
        : [];
      if (registration && asked === null && (used === 'client_secret_post' || used === 'client_secret_basic'))
        return warn('It registered no method, which means client_secret_basic.', shown, ...place);
      // Some libraries try HTTP Basic first, and remember what was good.
      const [repaired] = run.tokenRequests.filter((one) => one.clientId === clientId && byTime(one.seen, seen) > 0);
      if (seen.error === 'invalid_client' && (repaired?.methods[0] ?? 'none') === client.method && repaired)
        return warn(`It tried ${used}, and then ${client.method}, which it had registered.`, shown, ...place);
      return fail(`It registered ${client.method} and authenticates by ${used}.`, shown, ...place);
    }),
  );
}
