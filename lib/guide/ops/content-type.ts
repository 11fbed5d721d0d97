import { parseObject } from '#lib/exchange/read.ts';
import { withHeader } from './alter.ts';
import type { Op } from './op.ts';

/** JSON as a form: a list becomes one parameter with spaces, as somebody would try it. */
function asForm(text: string | null): string {
  return new URLSearchParams(
    Object.entries(parseObject(text) ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(' ') : String(value),
    ]),
  ).toString();
}

/** Sends a body under another content type; JSON becomes a form if a form is named. */
export const contentType: Op = {
  op: 'content_type',
  takes: { request: 'string?', value: 'string' },
  alter(prepared, change) {
    const isForm = String(change.value).includes('form') && parseObject(prepared.body) !== null;
    return withHeader(
      { ...prepared, body: isForm ? asForm(prepared.body) : prepared.body },
      'Content-Type',
      String(change.value),
    );
  },
};
