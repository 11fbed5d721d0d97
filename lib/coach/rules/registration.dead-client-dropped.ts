import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import type { Registration, TokenRequest } from '../entries.ts';
import { everyOne, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Gives up an identifier that the server no longer knows. */
export const rule: Rule = {
  id: 'registration.dead-client-dropped',
  title: 'Gives up an identifier that the server no longer knows',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    rfc(6749, '5.2', 'Error Response'),
    oauth21('3.2.4', 'Error Response'),
    rfc(7591, '3.2.1', 'Client Information Response'),
  ],
  assessable:
    'A token request of a dynamically registered client got invalid_client for an identifier that was ' +
    'deleted or whose secret has expired, and registration is offered.',
  pass: 'The client registers again.',
  fail:
    'It sends the same identifier to the token endpoint twice more, or the run is closed with the old ' +
    'identifier as the last one used.',
  absence: 'Certain with the second repetition, or when the developer closes the run.',
  evidence: 'invalid_client, and the requests after it.',
  why: 'Registrations get lost. A client that never lets go needs the user to delete its storage by hand.',
  fix: 'On invalid_client drop the stored registration and its tokens, and register again, once.',
  scenarios: ['client-forgotten', 'client-secret-expires'],
  pitfalls: [
    'Not assessable where the client never uses the token endpoint, since an unknown client at the ' +
      'authorization endpoint hears nothing.',
    'No clause obliges the client to register again; the rule rests on what invalid_client means.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, clientId, issuer }) => {
      if (seen.error !== 'invalid_client' || !seen.delivered || clientId === null) return null;
      const registration = run.ledger.registrations.find((one) => one.clientId === clientId);
      if (registration === undefined || run.knob(seen, 'registration.dynamic') === false) return null;
      if (!wasKnown(run, registration, seen)) return null;
      const shown = answerMember(seen, 'error', 'the server no longer knows it');
      const anew = run.registrations.find((one) => one.issuer === issuer && byTime(one.seen, seen) > 0);
      const again = run.tokenRequests.filter(
        (one) => one.clientId === clientId && isLater(one, seen) && (!anew || byTime(one.seen, anew.seen) < 0),
      );
      if (again[1])
        return fail(
          'It goes on with an identifier that the server no longer knows.',
          parameter(again[1].seen, 'client_id', 'the second time after that'),
          shown,
        );
      if (anew) return pass('It registered again.', request(anew.seen, 'the new registration'), shown);
      return run.closed ? fail('It did not register again.', shown) : untilClosed('It has not registered again yet.');
    }),
  );
}

/** Whether the refusal is about an identifier that is gone, and not about credentials that are wrong. */
function wasKnown(run: Run, registration: Registration, refused: Seen): boolean {
  if (refused.exchange.reason === 'client-unknown' || refused.exchange.reason === 'client-unidentified') return true;
  const expires = registration.answered.client_secret_expires_at;
  return (
    typeof expires === 'number' &&
    expires > 0 &&
    Date.parse(refused.exchange.clock) / 1000 >= expires &&
    run.has(refused)
  );
}

/** ms within which requests of other users of the client may still be on their way. */
const ON_THE_WAY = 2000;

/** Whether a token request was made when the client knew of a refusal: it repeats what was refused, or comes later. */
function isLater({ seen, code, refresh }: TokenRequest, refused: Seen): boolean {
  if (seen.start <= refused.end) return false;
  const isSame = code === refused.param('code') && refresh === refused.param('refresh_token');
  return isSame || seen.start > refused.end + ON_THE_WAY;
}
