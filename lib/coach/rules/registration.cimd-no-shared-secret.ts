import { fetched } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { documentsFetched } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The document rests on no secret. */
export const rule: Rule = {
  id: 'registration.cimd-no-shared-secret',
  title: 'The document rests on no secret',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    {
      doc: 'Client ID Metadata Document draft 00',
      section: '4.1 Client Metadata',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1',
    },
  ],
  assessable: 'The document was fetched.',
  pass:
    'It has neither client_secret nor client_secret_expires_at, and token_endpoint_auth_method is none, ' +
    'private_key_jwt or missing.',
  fail: 'It has one of these members or a method that rests on a shared secret.',
  evidence: 'The document.',
  why: 'The document is public.',
  fix: 'Use none, or private_key_jwt with jwks or jwks_uri.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(documentsFetched(run), ({ seen, index, document }) => {
      if (document === null) return null;
      const secret = ['client_secret', 'client_secret_expires_at'].find((name) => document[name] !== undefined);
      if (secret !== undefined)
        return fail(`The document has ${secret}.`, {
          ...fetched(seen, index, secret, 'a member that a public document must not have'),
          got: null,
        });
      const method = textOf(document, 'token_endpoint_auth_method');
      const shown = fetched(
        seen,
        index,
        'token_endpoint_auth_method',
        'the authentication method',
        'none or private_key_jwt',
      );
      return method === null || !method.startsWith('client_secret')
        ? passSoFar('The document rests on no secret.', shown)
        : fail('The authentication method rests on a shared secret.', shown);
    }),
  );
}
