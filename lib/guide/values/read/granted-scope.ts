import { formOf, jsonOf } from '#lib/exchange/read.ts';
import { approvedWithout, isDecision, type Read, text } from '../value.ts';

/** What the user let through: the ticks of the form, then what the token answer says. */
export const grantedScope: Read = {
  value: 'granted_scope',
  with: ['access_token'],
  read: (exchange) => {
    const approved = approvedWithout(exchange);
    if (approved) return approved.scope;
    const form = formOf(exchange);
    if (isDecision(exchange))
      return form.get('action') === 'deny' || form.has('deny') ? null : form.getAll('scope').join(' ') || null;
    return form.has('grant_type') ? text(jsonOf(exchange.response)?.scope) : null;
  },
};
