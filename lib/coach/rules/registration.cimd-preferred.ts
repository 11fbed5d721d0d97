import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isUrl } from '../addresses.ts';
import { metadataBefore } from '../documents.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Prefers a metadata document to registration. */
export const rule: Rule = {
  id: 'registration.cimd-preferred',
  title: 'Prefers a metadata document to registration',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration'),
    mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
    mcp('2025-11-25', 'authorization', 'Client ID Metadata Documents'),
  ],
  assessable:
    'The metadata advertises client_id_metadata_document_supported, and this client authorized with an ' +
    'identifier that it did not bring from elsewhere.',
  pass: 'The client_id of its authorization request is a URL.',
  fail: 'It registered dynamically and authorized with the identifier from there.',
  evidence: 'The metadata, the registration, and client_id in the authorization request.',
  why:
    "A document at the client's own address tells users who asks, survives a change of the authorization " +
    'server, and leaves no dead registrations behind. From 2026-07-28 on dynamic registration is ' +
    'deprecated.',
  fix: 'Host a metadata document at an https address and use that address as client_id where the server supports it.',
  scenarios: [],
  pitfalls: ['A pre-registered client is right not to use one.'],
  checks: ['cimd-client-id-used'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, clientId, issuer }) => {
      const metadata = metadataBefore(run, seen, issuer);
      if (metadata?.document.client_id_metadata_document_supported !== true || clientId === null) return null;
      const shown = parameter(seen, 'client_id', 'client_id of the authorization request');
      if (isUrl(clientId)) return passSoFar('Its identifier is the address of a metadata document.', shown);
      const registered = run.registrations.find(
        (one) => one.clientId === clientId && byTime(one.seen, metadata.seen) > 0,
      );
      if (registered === undefined) return null;
      return fail(
        'It registered, although the server takes metadata documents.',
        shown,
        request(registered.seen, 'the registration'),
        answerMember(metadata.seen, 'client_id_metadata_document_supported', 'what the metadata offers'),
      );
    }),
  );
}
