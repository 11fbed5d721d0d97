/** A fault as an owner sends it to the control API. */
import { type Fault, faultSchema } from '#lib/config/fault.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { addressesOf, fillText } from '../placeholders.ts';
import { judgeLocation } from './location.ts';

/**
 * Reads a fault as an owner sends it.
 * @returns the fault, or what is wrong with it
 */
export async function readFault(
  input: unknown,
  tenant: Tenant,
): Promise<{ ok: true; fault: Fault } | { ok: false; says: string }> {
  const read = faultSchema.safeParse(input);
  if (!read.success)
    return {
      ok: false,
      says: read.error.issues
        .slice(0, 10)
        .map((issue) => `${issue.path.map(String).join('.') || 'fault'}: ${issue.message}`)
        .join('; '),
    };
  const location = Object.entries(read.data.effect.headers ?? {}).find(
    ([name]) => name.toLowerCase() === 'location',
  )?.[1];
  if (location !== undefined && (await judgeLocation(fillText(location, addressesOf(tenant)), tenant)) === 'foreign') {
    return {
      ok: false,
      says: 'effect.headers.Location: leads to an address of this server, to loopback, or to a registered redirect URI',
    };
  }
  return { ok: true, fault: read.data };
}
