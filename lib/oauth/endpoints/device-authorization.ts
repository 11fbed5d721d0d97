/**
 * Device authorization: a device without a browser begins, and shows its user a code.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.1
 */
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { grantOffered } from '../checks/grant-offered.ts';
import { grantRegistered } from '../checks/grant-registered.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import { DEVICE_GRANT, type DeviceRequest } from '../interaction/device.ts';
import { newUserCode, shownUserCode } from '../interaction/user-code.ts';
import type { Context } from '../context.ts';
import { offeredGrants } from '../grants/index.ts';
import { sha256 } from '../hash.ts';
import { readForm } from '../parameters.ts';
import type { DeviceParameter } from './parameters.ts';
import { requestedAudiences, requestedResources, requestedScopes } from '../requested.ts';

/**
 * `POST /oauth/device_authorization`.
 * @throws OAuthError in JSON, by RFC 6749 §5.2
 */
export async function deviceAuthorization(ctx: Context): Promise<Response> {
  const { tenant, trace } = ctx;
  const form = readForm<DeviceParameter>(ctx);
  const offered = offeredGrants(tenant);
  const grant = offered.find(({ grantType }) => grantType === DEVICE_GRANT);
  check(trace, grantOffered, { grant, grantType: DEVICE_GRANT, offered });
  const { client } = await authenticateClient(ctx, form);
  check(trace, grantRegistered, { grant: grant!, client });
  const scope = requestedScopes(ctx, client, form.get('scope'), 'device');
  const resource = requestedResources(ctx, form.all('resource'), 'target-not-allowed');
  const audience = requestedAudiences(ctx, form.all('audience'), 'target-not-allowed');
  const now = tenant.now();
  const { 'device.lifetime': lifetime, 'device.interval': interval } = tenant.config;
  const deviceCode = tenant.random(32);
  const userCode = newUserCode(tenant.random);
  const request: DeviceRequest = { scope, resource, audience };
  await tenant.store.createDevice({
    hash: sha256(deviceCode),
    userCode,
    clientId: client.clientId,
    request: { ...request },
    createdAt: now,
    expiresAt: now + lifetime * 1000,
    interval,
    polls: 0,
    lastPollAt: null,
    status: 'pending',
    grantId: null,
  });
  note(trace, 'codes-made', 'Made both codes and started their clock', 'rfc8628-3.2', { lives: lifetime, interval });
  const verification = `${tenant.base}/activate`;
  const shown = shownUserCode(userCode);
  return json({
    device_code: deviceCode,
    user_code: shown,
    verification_uri: verification,
    verification_uri_complete: `${verification}?user_code=${shown}`,
    expires_in: lifetime,
    interval,
  });
}
