/** Who takes part in a lab. They exist in its sandbox alone. */
import { NOT_KEPT } from '#lib/exchange/kept.ts';
import type { Exchange } from '#lib/exchange/types.ts';

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly sub: string;
}

export const YOU: Person = { email: 'you@home.example', password: 'made-up-for-the-lab', sub: 'you' };
export const ATTACKER: Person = { email: 'mallory@attacker.example', password: 'hers-for-the-lab', sub: 'mallory' };

/** What a person ticks: all that was asked for. */
const SCOPES = ['notes:read', 'notes:write', 'openid', 'profile', 'email'] as const;

/**
 * The decision of the victim, as the form of the consent page sends it.
 * @param framed a click that was meant for something else: it types nothing, and approves as whoever is signed in
 */
export function decisionForm(interaction: string, decides: 'approve' | 'deny', framed: boolean): URLSearchParams {
  const form = new URLSearchParams({ interaction, action: decides === 'deny' ? 'deny' : 'login' });
  if (framed) form.set('action', 'continue');
  if (decides === 'deny') return form;
  if (!framed) {
    form.set('email', YOU.email);
    form.set('password', YOU.password);
  }
  for (const scope of SCOPES) form.append('scope', scope);
  return form;
}

/** What travelled as the record has it: without her password. */
export function asKept(exchange: Exchange): Exchange {
  const url = exchange.request.url.replace(/(auto_approve_password=)[^&]*/, `$1${NOT_KEPT}`);
  return { ...exchange, request: { ...exchange.request, url } };
}
