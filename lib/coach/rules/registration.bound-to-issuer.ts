import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isUrl } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps credentials to the issuer that gave them. */
export const rule: Rule = {
  id: 'registration.bound-to-issuer',
  title: 'Keeps credentials to the issuer that gave them',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
    mcp('2026-07-28', 'discovery', 'Authorization Server Location'),
    {
      doc: 'SEP-2352 Authorization Server Binding',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2352',
    },
  ],
  assessable:
    'The client holds an identifier that one issuer of the sandbox issued, and sent an authorization, ' +
    'pushed authorization, device or token request to another issuer of the sandbox.',
  pass: 'client_id there is one that this other issuer knows, or is the URL of a metadata document.',
  fail: 'client_id or a client assertion is the one of the first issuer.',
  evidence: 'Where the identifier was issued, and where it was used.',
  why:
    'A secret shown to another server is a secret given away, and an identifier may belong to somebody else ' +
    'there.',
  fix: 'Key stored registrations and tokens by issuer, and not by server URL or host.',
  scenarios: ['authorization-server-migration', 'prm-two-authorization-servers'],
  pitfalls: [
    'URLs of metadata documents are portable.',
    'A client that was pre-registered at both with the same identifier is right.',
  ],
  checks: ['sep-2352-no-reuse-on-as-change', 'sep-2352-no-cross-as-credential-reuse'],
  judge,
};

function judge(run: Run): Finding {
  const places = [
    ...run.authorizations.map(({ seen, clientId, issuer }) => ({ seen, clientId, issuer })),
    ...run.tokenRequests.map(({ seen, clientId, issuer }) => ({ seen, clientId, issuer })),
    ...run.devices.map(({ seen, clientId }) => ({ seen, clientId, issuer: run.ledger.issuerOf(seen) })),
  ];
  const issued = new Map(run.ledger.registrations.map((one) => [one.clientId, one]));
  return worst(
    everyOne(places, ({ seen, clientId, issuer }) => {
      if (clientId === null || issuer === `${run.base}/idp`) return null;
      const elsewhere = run.ledger.registrations.find(
        (one) => one.issuer !== issuer && byTime(one.seen, seen) < 0 && run.has(one.seen),
      );
      if (elsewhere === undefined) return null;
      const shown = parameter(seen, 'client_id', 'client_id of the request');
      const own = issued.get(clientId);
      if (own === undefined)
        return isUrl(clientId) ? passSoFar('Addresses of documents are good everywhere.', shown) : null;
      return own.issuer === issuer
        ? passSoFar('It uses the identifier of this issuer.', shown)
        : fail(
            'It uses the identifier that another issuer gave it.',
            shown,
            answerMember(own.seen, 'client_id', 'where it was issued'),
          );
    }),
  );
}
