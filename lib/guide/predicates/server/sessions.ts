import type { Records } from '../predicate.ts';

/** Logins of this browser at the authorization server: begun at consent, ended by signing out. */
export const sessions: Records = {
  server: 'sessions',
  count: (_where, facts) => {
    const began = facts.all.findLastIndex((entry) => entry.made.user !== undefined);
    const ended = facts.all.findLastIndex(
      (entry) => entry.exchange.endpoint === 'logout' && (entry.exchange.response?.status ?? 500) < 400,
    );
    return ended > began || began < 0 ? 0 : 1;
  },
};
