import { rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { DEVICE_CODE } from '../tokens.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Polls correctly. */
export const rule: Rule = {
  id: 'device.token-request',
  title: 'Polls correctly',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(8628, '3.4', 'Device Access Token Request')],
  assessable: 'A token request with a device code arrived.',
  pass:
    'grant_type is urn:ietf:params:oauth:grant-type:device_code, device_code is there, and client_id or ' +
    'client authentication.',
  fail: 'One is missing, or the user code is in the place of the device code.',
  evidence: 'The parameters.',
  why: 'Anything else is refused.',
  fix: 'Send the three parameters as a form.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const userCodes = new Set(run.ledger.devices.map(({ seen }) => textOf(seen.answer, 'user_code')));
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType, methods }) => {
      const code = seen.param('device_code');
      if (grantType !== DEVICE_CODE && code === null) return null;
      if (grantType !== DEVICE_CODE)
        return fail('The grant type is another one.', parameter(seen, 'grant_type', 'grant_type', DEVICE_CODE));
      if (!code) return fail('There is no device code.', parameter(seen, 'device_code', 'device_code'));
      if (userCodes.has(code))
        return fail('The user code is in the place of the device code.', parameter(seen, 'device_code', 'device_code'));
      return seen.param('client_id') || methods.length > 0
        ? passSoFar('It polls correctly.', parameter(seen, 'device_code', 'device_code'))
        : fail('The client does not name itself.', parameter(seen, 'client_id', 'client_id'));
    }),
  );
}
