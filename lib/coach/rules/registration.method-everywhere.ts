import { rfc } from '#lib/config/scenarios/clauses.ts';
import { clientAt } from '../clients.ts';
import { parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Authenticates in the registered way at the other endpoints too. */
export const rule: Rule = {
  id: 'registration.method-everywhere',
  title: 'Authenticates in the registered way at the other endpoints too',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(7009, '2.1', 'Revocation Request'), rfc(7591, '2', 'Client Metadata')],
  assessable:
    'A client that registered client_secret_basic or client_secret_post authenticated at revocation or ' +
    'introspection.',
  pass: 'It uses the registered method.',
  fail: 'It uses the other one, such as HTTP Basic after it registered client_secret_post.',
  evidence: 'The credentials of the request, and the registered method.',
  why: 'Many servers hold a client to one method at all endpoints. The request then fails where nobody looks.',
  fix: 'Use the method of the registration for every request that authenticates.',
  scenarios: [],
  pitfalls: [
    'token_endpoint_auth_method speaks of the token endpoint alone, and this sandbox takes either method ' +
      'here. It is a warning.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const elsewhere = run.seen.filter(({ endpoint }) => endpoint === 'revoke' || endpoint === 'introspect');
  return worst(
    everyOne(elsewhere, (seen) => {
      const id = seen.param('client_id') ?? seen.basic?.id ?? null;
      const client = clientAt(run, id, seen);
      if (client === undefined || !SECRET_METHODS.has(client.method ?? '')) return null;
      const used =
        seen.basic !== null ? 'client_secret_basic' : seen.param('client_secret') ? 'client_secret_post' : null;
      if (used === null) return null;
      const place =
        used === 'client_secret_basic'
          ? requestHeader(seen, 'authorization', 'how it authenticates', client.method!)
          : parameter(seen, 'client_secret', 'how it authenticates', client.method!);
      return used === client.method
        ? passSoFar('It authenticates in the registered way here too.', place)
        : fail(`It registered ${client.method}, and authenticates by ${used} here.`, place);
    }),
  );
}

const SECRET_METHODS: ReadonlySet<string> = new Set(['client_secret_basic', 'client_secret_post']);
