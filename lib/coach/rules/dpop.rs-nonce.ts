import { rfc } from '#lib/config/scenarios/clauses.ts';
import { worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isStale, nonceTaken } from '../proofs.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Takes the MCP server's nonce. */
export const rule: Rule = {
  id: 'dpop.rs-nonce',
  title: "Takes the MCP server's nonce",
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(9449, '9', 'Resource Server-Provided Nonce'), rfc(9449, '4.2', 'DPoP Proof JWT Syntax')],
  assessable: '401 use_dpop_nonce with DPoP-Nonce was delivered for an MCP request.',
  pass: 'The request comes again with a new proof that carries the nonce.',
  fail:
    'It comes again without it or with another, twice; or an authorization request comes instead; or the ' +
    'run is closed.',
  absence: 'Certain with the second repetition or the authorization request, or when the developer closes the run.',
  evidence: 'The nonce, and the proofs after it.',
  why: 'The nonce proves that the proof is fresh. Each server has nonces of its own.',
  fix: 'Keep one nonce per server.',
  scenarios: ['dpop-nonce', 'dpop-nonce-rotates'],
  pitfalls: [],
  checks: ['sep-1932-client-rs-nonce'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen }) => {
      if (seen.status !== 401 || seen.error !== 'use_dpop_nonce' || !seen.delivered) return null;
      if (isStale(run, seen)) return null;
      return nonceTaken(
        run,
        seen,
        run.after(seen).filter(({ endpoint, token }) => endpoint === 'mcp' && token !== null),
      );
    }),
  );
}
