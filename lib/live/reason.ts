import { reasons } from '#lib/spec/reasons.ts';
import { clauses } from '#lib/spec/clauses.ts';

export type ReasonId = keyof typeof reasons;

/** Why something was refused, in a sentence with its clause; undefined for what nobody has written down. */
export function reasonOf(
  id: string | null,
): { readonly says: string; readonly clause: { readonly label: string; readonly url: string } } | undefined {
  if (id === null || !Object.hasOwn(reasons, id)) return undefined;
  const reason = reasons[id as ReasonId];
  return { says: reason.says, clause: clauses[reason.clause as keyof typeof clauses] };
}
