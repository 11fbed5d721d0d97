/**
 * Why a server, or the guide's own client, refuses: stable ids shared by the engine, which throws
 * them, the recorder, which keeps them, and the interface, which explains by them.
 */
import { authorizationReasons } from './reasons/authorization.ts';
import { clientReasons } from './reasons/client.ts';
import { decisionReasons } from './reasons/decision.ts';
import { grantReasons } from './reasons/grant.ts';
import { registrationReasons } from './reasons/registration.ts';
import { requestReasons } from './reasons/request.ts';
import { resourceReasons } from './reasons/resource.ts';
import { tokenReasons } from './reasons/token.ts';
import type { Reason } from './reasons/reason.ts';

export type { Reason } from './reasons/reason.ts';

export const reasons = {
  ...resourceReasons,
  ...authorizationReasons,
  ...decisionReasons,
  ...registrationReasons,
  ...tokenReasons,
  ...grantReasons,
  ...clientReasons,
  ...requestReasons,
} as const satisfies Record<string, Reason>;

export type ReasonId = keyof typeof reasons;

/** The reason with this id, or undefined if there is none. */
export function reason(id: string): Reason | undefined {
  return Object.hasOwn(reasons, id) ? reasons[id as ReasonId] : undefined;
}
