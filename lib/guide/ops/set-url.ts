import { fillJson } from '../values.ts';
import type { Op } from './op.ts';

/** Sends a request to another address; the query stays. */
export const setUrl: Op = {
  op: 'set_url',
  takes: { request: 'string?', value: 'string' },
  alter(prepared, change, bag) {
    const address = String(fillJson(change.value, bag));
    const query = prepared.url.includes('?') ? prepared.url.slice(prepared.url.indexOf('?')) : '';
    return { ...prepared, url: address.includes('?') ? address : address + query };
  },
};
