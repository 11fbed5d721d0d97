/** A sandbox that is used again. */
import { ApiError } from '#lib/client/request.ts';
import type { ControlApi, SandboxRef } from './types.ts';

/**
 * Empties a sandbox and sets its clock back.
 * @returns false if it cannot be used again: it is gone, or its control token is another
 * @throws ApiError `unreachable`
 */
export async function isEmptied(sandbox: SandboxRef, api: Pick<ControlApi, 'post'>): Promise<boolean> {
  try {
    await api.post(sandbox, 'reset', {});
    await api.post(sandbox, 'clock', { reset: true });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unreachable') throw error;
    return false;
  }
}
