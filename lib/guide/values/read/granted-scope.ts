import { formOf, jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** What the user let through: the ticks of the form, then what the token answer says. */
export const grantedScope: Read = {
  value: 'granted_scope',
  with: ['access_token'],
  read: (exchange) => {
    const { endpoint, request, response } = exchange;
    const decides = endpoint === 'activate' || endpoint === 'authorize';
    if (request.method === 'POST' && decides && (response?.status ?? 500) < 400) {
      const form = formOf(exchange);
      return form.get('action') === 'deny' || form.has('deny') ? null : form.getAll('scope').join(' ') || null;
    }
    return formOf(exchange).get('grant_type') ? text(jsonOf(exchange.response)?.scope) : null;
  },
};
