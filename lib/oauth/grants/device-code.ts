import type { PollOutcome } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { deviceAlive } from '../checks/device-alive.ts';
import { deviceAnswered } from '../checks/device-answered.ts';
import { deviceKnown } from '../checks/device-known.ts';
import { devicePace } from '../checks/device-pace.ts';
import { deviceRedeemed } from '../checks/device-redeemed.ts';
import { DEVICE_GRANT, decideBySandbox } from '../interaction/device.ts';
import type { GrantDetails } from '../context.ts';
import { sha256 } from '../hash.ts';
import { required } from '../parameters.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { bringsRefreshToken, firstRefreshToken } from '../tokens/refresh.ts';
import { defineGrant, type Grant } from './grant.ts';
import { respond, sessionClaims } from './respond.ts';

/**
 * A device that asks whether its user has answered yet.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.4
 */
export const deviceCode: Grant = defineGrant({
  grantType: DEVICE_GRANT,
  knob: 'device_code',
  parameters: [
    {
      name: 'device_code',
      required: true,
      says: 'The long one of the two codes; the user never sees it.',
      clause: 'rfc8628-3.4',
    },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const { config } = tenant;
    const hash = sha256(required(trace, form, 'device_code'));
    const status = config['device.errorStatus'];
    let poll = await tenant.store.pollDevice(hash, tenant.now(), config['device.slowDownPolls']);
    check(trace, deviceKnown, { poll, client });
    check(trace, deviceAlive, { poll, status, lifetime: config['device.lifetime'] });
    check(trace, devicePace, { poll, status });
    if (isDue(poll, config['device.pendingPolls']) && (await decideBySandbox(ctx, client, deviceOf(poll)))) {
      poll = await tenant.store.pollDevice(hash, tenant.now());
    }
    check(trace, deviceAnswered, { poll, status });

    const grant = (await tenant.store.getGrant(deviceOf(poll).grantId!))!;
    trace.set({ grantId: grant.id });
    const details = grant.details as GrantDetails;
    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: grant.sub,
      grantId: grant.id,
      scope: grant.scope,
      jkt,
      lifetime: details.expiresIn,
      details: sessionClaims(details),
      ...tokenTarget(tenant, grant.resource, grant.audience),
    });
    const refresh = bringsRefreshToken(config, client, grant.scope) ? firstRefreshToken(ctx, grant, client, jkt) : null;
    const redeemed = await tenant.store.redeemDevice({
      hash,
      now: tenant.now(),
      access: access.record,
      refresh: refresh?.record ?? null,
    });
    check(trace, deviceRedeemed, redeemed);
    note(trace, 'issue', 'In one transaction: marked the pair used, stored the tokens', 'rfc8628-3.5', {
      scope: grant.scope,
    });
    return respond(request, { access, scope: grant.scope, jkt, refreshToken: refresh?.token, grant });
  },
});

/** Whether the sandbox may decide now, in the place of a person: after so many polls that found it pending. */
function isDue(poll: PollOutcome, pendingPolls: number): boolean {
  return poll.outcome === 'pending' && poll.device.polls > pendingPolls;
}

function deviceOf(poll: PollOutcome) {
  if (poll.outcome === 'unknown') throw new TypeError('An unknown device has no record.');
  return poll.device;
}
