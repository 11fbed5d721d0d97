import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { mediaTypeOf } from '#lib/exchange/read.ts';
import { parameter, request, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends token requests as forms. */
export const rule: Rule = {
  id: 'token.form-encoded',
  title: 'Sends token requests as forms',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('3.2.2', 'Token Request'), rfc(6749, '3.2', 'Token Endpoint')],
  assessable: 'A token request arrived.',
  pass: 'POST with content type application/x-www-form-urlencoded, parameters in the body.',
  fail: 'Another method or content type, JSON for instance, or parameters in the query.',
  evidence: 'Method, content type and the beginning of the body.',
  why: 'Servers read forms. JSON looks to them like a request without parameters.',
  fix: 'Encode the parameters as a form, in the body.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen }) => {
      const type = mediaTypeOf(seen.exchange.request);
      const inQuery = seen.query.has('grant_type') || seen.query.has('code');
      if (seen.method !== 'POST')
        return inQuery
          ? fail(`It asks for a token by ${seen.method}.`, request(seen, 'the token request', 'POST'))
          : null;
      if (inQuery)
        return fail(
          'The parameters are in the address.',
          parameter(seen, seen.query.has('grant_type') ? 'grant_type' : 'code', 'a parameter in the address'),
        );
      if (type === '' && !seen.exchange.request.body) return null;
      const shown = requestHeader(seen, 'content-type', 'the type of the body', 'application/x-www-form-urlencoded');
      return type === 'application/x-www-form-urlencoded'
        ? passSoFar('The request is a form.', shown)
        : fail('The request is no form.', shown);
    }),
  );
}
