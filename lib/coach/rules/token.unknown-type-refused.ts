import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, requestHeader } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { TOKEN_EXCHANGE } from '../tokens.ts';
import { PATIENCE, type Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not use a token of an unknown type. */
export const rule: Rule = {
  id: 'token.unknown-type-refused',
  title: 'Does not use a token of an unknown type',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '7.1', 'Access Token Types')],
  assessable: 'A token response with an unknown token_type was delivered to this client.',
  pass: 'The token is not used for 60 seconds of real time, or until the run is closed.',
  fail: 'It is sent to the MCP server.',
  evidence: 'token_type, and the call.',
  why: 'The type says how a token must be presented. Presenting a bound token as a bearer token gives it away.',
  fix: 'Accept Bearer, and DPoP where proofs are sent; report anything else.',
  scenarios: ['token-type-unknown'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokens, (tokens) => {
      const { seen, grantType } = tokens.request;
      if (
        tokens.type === null ||
        tokens.access === null ||
        !seen.delivered ||
        /^(?:bearer|dpop)$/i.test(tokens.type) ||
        grantType === TOKEN_EXCHANGE
      )
        return null;
      const shown = answerMember(seen, 'token_type', 'a type that nobody knows', 'Bearer or DPoP');
      const used = run.ledger.calls.find(({ token }) => token === tokens.access);
      if (used)
        return fail(
          'It used a token of an unknown type.',
          requestHeader(used.seen, 'authorization', 'the call'),
          shown,
        );
      return run.isOver(seen, PATIENCE)
        ? pass('It did not use a token of an unknown type.', shown)
        : run.wait(seen, PATIENCE, 'Counts once the token has not been used for 60 seconds.');
    }),
  );
}
