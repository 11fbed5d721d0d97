import { mcp, oauth21 } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isUrl } from '../addresses.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses an identifier that exists. */
export const rule: Rule = {
  id: 'authorize.client-id-issued',
  title: 'Uses an identifier that exists',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [mcp('2026-07-28', 'registration'), oauth21('4.1.1', 'Authorization Request')],
  assessable: 'An authorization request arrived, and the sandbox has forgotten no clients since it was made.',
  pass: 'client_id was registered, pre-registered, or is the URL of a metadata document.',
  fail: 'It is missing, or was never issued here.',
  evidence: 'client_id of the request, and the identifiers known.',
  why: 'The server cannot tell the client that it is unknown; only the user sees the error page.',
  fix: 'Register first and store the answer before opening the browser.',
  scenarios: [],
  pitfalls: [
    'After a reset, a deleted client or the scenario client-forgotten the identifier may be one that was ' +
      'good. Not assessable then.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, clientId }) => {
      const shown = parameter(seen, 'client_id', 'client_id of the request');
      if (clientId === null || clientId === '') return fail('The request names no client.', shown);
      if (isUrl(clientId)) return passSoFar('The identifier is the address of a metadata document.', shown);
      if (run.ledger.clients.has(clientId)) return passSoFar('The identifier was issued here.', shown);
      if (run.forgot) return none('not-kept', 'The identifier may be one that was good before.');
      if (run.knob(seen, 'authorize.unknownClient') !== 'refuse') return none('on-purpose');
      return fail('This server did not issue this identifier.', shown);
    }),
  );
}
