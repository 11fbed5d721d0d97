import { mcp } from '#lib/config/scenarios/clauses.ts';
import { decodeToken } from '#lib/exchange/read.ts';
import { jwtMember, requestHeader } from '../exhibits.ts';
import { fail, none, passSoFar, warn, worst } from '../findings.ts';
import { everyOne, PLACEHOLDER } from '../look.ts';
import { issuersOf, normalized } from '../addresses.ts';
import { misplacedToken } from '../tokens.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends only tokens of this server's issuer. */
export const rule: Rule = {
  id: 'resource.token-of-this-issuer',
  title: "Sends only tokens of this server's issuer",
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [mcp('2026-07-28', 'authorization', 'Token Handling')],
  assessable: 'A request to an MCP endpoint carries a bearer token.',
  pass: 'The token was issued by an issuer that the resource metadata names or has named.',
  fail: 'It is a JWT of another issuer, or a token of another sandbox of this instance.',
  evidence: 'iss and aud of the token, masked otherwise, and the issuers of the metadata.',
  why: 'A server that receives a token can use it. A token for another server is given away if it is sent here.',
  fix: 'Key stored tokens by issuer and resource.',
  scenarios: [],
  pitfalls: [
    'An unknown opaque token may be one from before a reset, or a key that a user typed in. It is a warning.',
    'After a change of the issuer the old token may come until the metadata has been read again.',
    'On a shared origin clients may fall back to the sandbox at the root. A token of that issuer is not ' +
      'held against them.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, (call) => {
      const { seen, token, tokens } = call;
      // Something is written around a token of this server: resource.token-in-header says so.
      if (token !== null && misplacedToken(run, call) !== null) return null;
      if (token === null || PLACEHOLDER.test(token) || run.ledger.byRefresh.has(token)) return null;
      const good = (seen.status >= 200 && seen.status < 300) || seen.status === 403;
      if (tokens !== null || good)
        return passSoFar('The token is of this server.', requestHeader(seen, 'authorization', 'the token'));
      const iss = textOf(decodeToken(token)?.claims, 'iss');
      const shown =
        iss === null
          ? requestHeader(seen, 'authorization', 'the token')
          : jwtMember(seen, { header: 'authorization' }, 'iss', 'iss of the token', run.issuer);
      if (iss !== null && issuersOf(run).some((one) => normalized(one) === normalized(iss)))
        return passSoFar('The token is of this server.', shown);
      if (iss === null)
        return run.complete && !run.forgot
          ? warn('This server did not issue this token. A user may have typed it in.', shown)
          : none('not-kept');
      if (normalized(iss) === normalized(run.origin))
        return none(
          'on-purpose',
          'The token is of the sandbox at the root, which clients fall back to on a shared origin.',
        );
      return fail('The token is of another issuer.', shown);
    }),
  );
}
