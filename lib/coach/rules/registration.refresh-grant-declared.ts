import { mcp } from '#lib/config/scenarios/clauses.ts';
import { fetched, parameter, requestMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { documentsFetched } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Declares the refresh grant where it wants one. */
export const rule: Rule = {
  id: 'registration.refresh-grant-declared',
  title: 'Declares the refresh grant where it wants one',
  level: 'SHOULD',
  from: '2026-07-28',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Refresh Tokens'),
    {
      doc: 'SEP-2207 Refresh Token Guidance',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2207',
    },
  ],
  assessable:
    "The client's metadata is known, by registration or by document, and the client has shown that it wants " +
    'refresh tokens, by asking for offline_access or by a refresh request.',
  pass: 'grant_types has refresh_token.',
  fail: 'It does not.',
  evidence: 'grant_types, and the request that shows the wish.',
  why: 'Servers decide by it whether to issue a refresh token.',
  fix: 'Register grant_types authorization_code and refresh_token.',
  scenarios: [],
  pitfalls: [],
  checks: ['sep-2207-client-metadata-grant-types'],
  judge,
};

function judge(run: Run): Finding {
  const wishes = [
    ...run.authorizations
      .filter(({ scope }) => scope.includes('offline_access'))
      .map(({ seen, clientId }) => ({ seen, clientId, name: 'scope' })),
    ...run.refreshes.map(({ seen, clientId }) => ({ seen, clientId, name: 'grant_type' })),
  ];
  const documents = documentsFetched(run);
  return worst(
    everyOne(wishes, ({ seen, clientId, name }) => {
      const wish = parameter(seen, name, 'the request that shows the wish');
      const registration = run.ledger.registrations.find((one) => one.clientId === clientId);
      if (registration) {
        const grants = textsOf(registration.asked, 'grant_types');
        const shown = requestMember(
          registration.seen,
          'grant_types',
          grants?.join(' ') ?? null,
          'grant_types of the registration',
          'authorization_code refresh_token',
        );
        return grants?.includes('refresh_token')
          ? passSoFar('The registration declares the refresh grant.', shown)
          : fail('The registration does not declare the refresh grant.', shown, wish);
      }
      const one = documents.find(({ url, document }) => url === clientId && document !== null);
      if (one === undefined) return null;
      const grants = textsOf(one.document, 'grant_types');
      const shown = {
        ...fetched(
          one.seen,
          one.index,
          'grant_types',
          'grant_types of the document',
          'authorization_code refresh_token',
        ),
        got: grants?.join(' ') ?? null,
      };
      return grants?.includes('refresh_token')
        ? passSoFar('The document declares the refresh grant.', shown)
        : fail('The document does not declare the refresh grant.', shown, wish);
    }),
  );
}
