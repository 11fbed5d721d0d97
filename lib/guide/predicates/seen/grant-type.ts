import type { Seen } from '../predicate.ts';

/** The grant that was asked for; a URN may be named by its last part. */
export const grantType: Seen = {
  seen: 'grant_type',
  holds: (wanted, entry) =>
    entry.exchange.grantType === wanted || entry.exchange.grantType?.endsWith(`:${String(wanted)}`) === true,
};
