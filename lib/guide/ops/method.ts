import { withQuery } from '../prepare.ts';
import { headerIn, withHeader } from './alter.ts';
import type { Op } from './op.ts';

/** Sends a request with another method. A GET has no body: a form then travels in the query. */
export const method: Op = {
  op: 'method',
  takes: { request: 'string?', value: 'string' },
  alter(prepared, change) {
    if (change.value !== 'GET') return { ...prepared, method: String(change.value) };
    const isForm = headerIn(prepared, 'Content-Type').includes('application/x-www-form-urlencoded');
    const bare = withHeader({ ...prepared, method: 'GET', body: null }, 'Content-Type', null);
    return isForm ? { ...bare, url: withQuery(prepared.url, [...new URLSearchParams(prepared.body ?? '')]) } : bare;
  },
};
