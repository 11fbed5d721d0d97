/** The user's side of the device grant: finding the device by its code, and deciding. */
import { EMAIL_ADDRESS } from '#lib/config/values.ts';
import type { ClientRecord, DeviceRecord } from '#lib/store/store.ts';
import { note } from '../checks/check.ts';
import type { Context, Tenant } from '../context.ts';
import { createInvented, inventUser } from '../users/invent.ts';
import { namedUser } from '../users/sign-in.ts';
import { type Approval, type GrantedRequest, makeGrant } from './grant.ts';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a device asked for; kept with its codes. */
export type DeviceRequest = Pick<GrantedRequest, 'scope' | 'resource' | 'audience'>;

export function requestOf(device: DeviceRecord): DeviceRequest {
  return device.request as unknown as DeviceRequest;
}

/** The device that waits under the code, as {@link normalUserCode} has it; null if none does, or no more. */
export async function waitingDevice(tenant: Tenant, userCode: string | null): Promise<DeviceRecord | null> {
  const device = userCode === null ? null : await tenant.store.findDeviceByUserCode(userCode, tenant.now());
  return device?.status === 'pending' ? device : null;
}

/**
 * Marks the pair approved. Nothing is sent to the device; it finds out by asking.
 * @returns false if it was decided, or has run out, meanwhile
 */
export async function approveDevice(
  ctx: Context,
  client: ClientRecord,
  device: DeviceRecord,
  approval: Approval,
): Promise<boolean> {
  const grant = makeGrant(ctx, client, DEVICE_GRANT, requestOf(device), approval);
  const done = await ctx.tenant.store.decideDevice({ userCode: device.userCode, now: ctx.tenant.now(), grant });
  if (done) {
    ctx.trace.set({ grantId: grant.id });
    note(ctx.trace, 'device-approved', 'Marked the pair approved', 'rfc8628-3.3', { scope: grant.scope });
  }
  return done;
}

/** Marks the pair denied. @returns false if it was decided, or has run out, meanwhile */
export async function denyDevice(ctx: Context, device: DeviceRecord): Promise<boolean> {
  const done = await ctx.tenant.store.decideDevice({ userCode: device.userCode, now: ctx.tenant.now(), grant: null });
  if (done) note(ctx.trace, 'device-denied', 'Marked the pair denied', 'rfc8628-3.3');
  return done;
}

/**
 * Decides in the place of a person, where the sandbox is set to (`device.outcome`). For the token endpoint,
 * once as many polls as `device.pendingPolls` have been answered.
 * @returns whether something was decided now
 */
export async function decideBySandbox(ctx: Context, client: ClientRecord, device: DeviceRecord): Promise<boolean> {
  const outcome = ctx.tenant.config['device.outcome'];
  if (device.status !== 'pending' || (outcome !== 'approve' && outcome !== 'deny')) return false;
  ctx.trace.set({ acted: { kind: 'knob', name: 'device.outcome' } });
  if (outcome === 'deny') return denyDevice(ctx, device);
  const named = ctx.tenant.config['consent.approver'];
  const user = EMAIL_ADDRESS.test(named)
    ? await namedUser(ctx, named)
    : await createInvented(ctx.tenant, inventUser(ctx.tenant.random));
  return approveDevice(ctx, client, device, { user, scope: requestOf(device).scope, authTime: ctx.tenant.now() });
}
