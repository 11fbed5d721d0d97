import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { readable } from '../documents.ts';
import { PATIENCE, type Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refuses a server that does not advertise PKCE. */
export const rule: Rule = {
  id: 'discovery.pkce-support-checked',
  title: 'Refuses a server that does not advertise PKCE',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'security', 'Authorization Code Protection'),
    mcp('2025-11-25', 'authorization', 'Authorization Code Protection'),
  ],
  assessable: 'Metadata without code_challenge_methods_supported was delivered to this client, and no other metadata.',
  pass: 'No authorization request follows for 60 seconds of real time, or until the run is closed.',
  fail: 'An authorization request of this client follows.',
  evidence: 'The document and the authorization request.',
  why:
    'A server that ignores the challenge answers as if it had checked it. The metadata is the only way to ' +
    'tell beforehand.',
  fix:
    'Stop where the member is missing, and say so. If users need such servers, make it a setting that they ' +
    'turn on.',
  scenarios: ['metadata-no-pkce', 'entra-like'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const all = readable(run.documents).filter(({ issuer }) => issuer !== `${run.base}/idp`);
  const [first] = all;
  if (first === undefined || all.some(({ document }) => document.code_challenge_methods_supported !== undefined))
    return none('no-occasion');
  const shown = answerMember(
    first.seen,
    'code_challenge_methods_supported',
    'the document does not advertise PKCE',
    '["S256"]',
  );
  const used = run.after(first.seen).find(({ endpoint }) => endpoint === 'authorize' || endpoint === 'par');
  if (used)
    return fail(
      'It authorized at a server that does not advertise PKCE.',
      request(used, 'the authorization request'),
      shown,
    );
  if (run.isOver(first.seen, PATIENCE)) return pass('It did not authorize there.', shown);
  return run.wait(first.seen, PATIENCE, 'Counts once no authorization request has come for 60 seconds.');
}
