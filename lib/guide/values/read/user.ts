import { formOf, jsonOf } from '#lib/exchange/read.ts';
import { approvedWithout, isDecision, type Read, text } from '../value.ts';

const MADE_UP = 'a made-up user';

/** Who the user is: from the form of the consent page, or from the userinfo endpoint. */
export const user: Read = {
  value: 'user',
  read: (exchange) => {
    const answer = jsonOf(exchange.response);
    if (exchange.endpoint === 'userinfo') return text(answer?.name) ?? text(answer?.sub);
    if (approvedWithout(exchange)) return MADE_UP;
    if (!isDecision(exchange)) return null;
    const form = formOf(exchange);
    return form.get('action') === 'deny' || form.has('deny') ? null : form.get('email') || MADE_UP;
  },
};
