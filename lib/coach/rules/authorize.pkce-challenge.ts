import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends a code challenge. */
export const rule: Rule = {
  id: 'authorize.pkce-challenge',
  title: 'Sends a code challenge',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.1.1', 'Authorization Request'),
    mcp('2026-07-28', 'security', 'Authorization Code Protection'),
    mcp('2025-06-18', 'authorization', 'Authorization Code Protection'),
    rfc(9700, '2.1.1', 'Authorization Code Grant'),
  ],
  assessable: 'An authorization request arrived.',
  pass: 'code_challenge is present and not empty.',
  fail: 'It is not.',
  evidence: 'The parameters of the request.',
  why: 'Without it anyone who gets hold of the code can redeem it.',
  fix: 'Make a random verifier for each request, and send its SHA-256 in base64url as code_challenge.',
  scenarios: [],
  pitfalls: [
    'OAuth 2.1 spares confidential OpenID clients that rely on nonce. For a client that speaks no MCP, ' +
      'authenticates and sends a nonce it is a warning.',
  ],
  checks: ['pkce-code-challenge-sent'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters, clientId }) => {
      const shown = parameter(pushed ?? seen, 'code_challenge', 'code_challenge');
      if (parameters.get('code_challenge')) return passSoFar('It sends a code challenge.', shown);
      const method = run.ledger.clients.get(clientId ?? '')?.method ?? 'none';
      return !run.mcp && method !== 'none' && parameters.get('nonce')
        ? warn('It sends no code challenge, and relies on nonce.', shown)
        : fail('It sends no code challenge.', shown);
    }),
  );
}
