import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Knows OpenID Connect discovery too. */
export const rule: Rule = {
  id: 'discovery.oidc-fallback',
  title: 'Knows OpenID Connect discovery too',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    mcp('2025-11-25', 'authorization', 'Authorization Server Metadata Discovery'),
  ],
  assessable: 'The OAuth metadata address of the issuer answered 404 to this client.',
  pass: 'An OpenID address of the issuer was requested.',
  fail: 'A registration or authorization request follows without it, or the run is closed without it.',
  absence: 'Certain with the first such request, or when the developer closes the run.',
  evidence: 'The 404 and what followed.',
  why: 'Many authorization servers publish only the OpenID document.',
  fix: 'After a 404 try the OpenID addresses, inserted and appended.',
  scenarios: ['metadata-var1', 'metadata-var3', 'entra-like'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.documents, ({ seen, address, issuer }) => {
      if (address !== 'oauth-inserted' || seen.status !== 404 || !seen.delivered || issuer === `${run.base}/idp`)
        return null;
      const shown = status(seen, 'no metadata at the OAuth address');
      const other = run.documents.find((one) => one.issuer === issuer && one.address.startsWith('oidc'));
      if (other) return pass('It tried an OpenID address too.', request(other.seen, 'the OpenID address'), shown);
      const used = run.after(seen).find(({ endpoint }) => endpoint === 'register' || endpoint === 'authorize');
      if (used)
        return fail(
          'It went on without trying the OpenID addresses.',
          request(used, 'what it did in their place'),
          shown,
        );
      return run.closed
        ? fail('It gave up at the OAuth address.', shown)
        : untilClosed('It has not tried an OpenID address yet.');
    }),
  );
}
