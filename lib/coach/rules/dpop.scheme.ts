import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Presents a bound token with the DPoP scheme. */
export const rule: Rule = {
  id: 'dpop.scheme',
  title: 'Presents a bound token with the DPoP scheme',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(9449, '7.1', 'The DPoP Authentication Scheme'),
    {
      doc: 'SEP-1932 DPoP (open proposal)',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1932',
    },
  ],
  assessable: 'A bound token was presented to an MCP endpoint.',
  pass: 'The scheme is DPoP, in any case.',
  fail: 'It is Bearer.',
  evidence: 'The Authorization header, masked, and token_type of the token response.',
  why: 'The scheme tells the server to demand the proof.',
  fix: 'Use the token_type of the response as the scheme.',
  scenarios: [],
  pitfalls: [],
  checks: ['sep-1932-client-dpop-auth-scheme'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen, scheme, tokens }) => {
      if (tokens?.type?.toLowerCase() !== 'dpop') return null;
      const shown = requestHeader(seen, 'authorization', 'how the token is presented', 'DPoP');
      return scheme === 'DPoP'
        ? passSoFar('The bound token is presented with the DPoP scheme.', shown)
        : fail(
            'The bound token is presented as a bearer token.',
            shown,
            answerMember(tokens.request.seen, 'token_type', 'the type of the token'),
          );
    }),
  );
}
