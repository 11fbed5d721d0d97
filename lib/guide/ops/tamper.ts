import { headerIn, withHeader } from './alter.ts';
import { tamperSignature } from '../tamper.ts';
import type { Op } from './op.ts';

/** Changes the signature of the token in a header. */
export const tamper: Op = {
  op: 'tamper',
  takes: { request: 'string?', header: 'string', part: 'string?' },
  alter: (prepared, change) =>
    withHeader(prepared, change.header!, tamperSignature(headerIn(prepared, change.header!))),
};
