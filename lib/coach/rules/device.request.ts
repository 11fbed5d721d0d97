import { rfc } from '#lib/config/scenarios/clauses.ts';
import { mediaTypeOf } from '#lib/exchange/read.ts';
import { parameter, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Asks for a device code correctly. */
export const rule: Rule = {
  id: 'device.request',
  title: 'Asks for a device code correctly',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.1', 'Device Authorization Request')],
  assessable: 'A device authorization request arrived.',
  pass: 'POST as a form, with client_id or client authentication.',
  fail: 'Otherwise.',
  evidence: 'The request.',
  why: 'The code is bound to the client.',
  fix: 'Send a form with client_id and scope.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.devices, ({ seen }) => {
      if (seen.method !== 'POST' || mediaTypeOf(seen.exchange.request) !== 'application/x-www-form-urlencoded')
        return fail(
          'The request is no form.',
          requestHeader(seen, 'content-type', 'the type of the body', 'application/x-www-form-urlencoded'),
        );
      const shown = parameter(seen, 'client_id', 'client_id');
      return seen.param('client_id') || seen.basic !== null || seen.param('client_assertion')
        ? passSoFar('It asks for a device code correctly.', shown)
        : fail('The client does not name itself.', shown);
    }),
  );
}
