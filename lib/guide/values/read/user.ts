import { formOf, jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** Who the user is: from the form of the consent page, or from the userinfo endpoint. */
export const user: Read = {
  value: 'user',
  read: (exchange) => {
    const { endpoint, request, response } = exchange;
    if (endpoint === 'userinfo') return text(jsonOf(exchange.response)?.name) ?? text(jsonOf(exchange.response)?.sub);
    const decides = endpoint === 'activate' || endpoint === 'authorize';
    if (request.method !== 'POST' || !decides || (response?.status ?? 500) >= 400) return null;
    const form = formOf(exchange);
    if (form.get('action') === 'deny' || form.has('deny')) return null;
    return form.get('email') || 'a made-up user';
  },
};
