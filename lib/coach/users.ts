/** Whose authorization is whose: one client may serve many users, and one program may be installed twice. */
import { decodeToken } from '#lib/exchange/read.ts';
import type { Authorization, Tokens } from './entries.ts';
import { rootOf } from './tokens.ts';
import type { Run } from './run.ts';
import { type Seen, textOf } from './seen.ts';

/** Real time after which a client that replaces a token no longer sends the one before, in ms. */
const REPLACED = 2000;

/**
 * Whether an authorization has nothing to do with the one behind these tokens: that of another installation of the
 * program, or of another user. It shows if the tokens are still used beside the new ones, and if another browser or
 * another person gave it.
 * @param tokens what a call was made with that began the matter
 */
export function isAnothers(run: Run, authorization: Authorization, tokens: Tokens | null): boolean {
  if (tokens === null) return false;
  const root = rootOf(tokens);
  const owner = root.request.clientId;
  const isTwin = owner !== null && authorization.clientId !== null && owner !== authorization.clientId;
  const given = authorization.redemptions.flatMap((one) => one.tokens ?? [])[0];
  const before = root.request.authorization;
  if (before !== null && !isSameBrowser(before.seen, authorization.seen)) return true;
  if (before !== null && given !== undefined && isOtherPerson([before, root], [authorization, given])) return true;
  // After a denial the same user goes on with the old tokens.
  if (given === undefined) return isTwin && isUsedAfter(run, root, authorization.seen.end);
  return isUsedAfter(run, root, given.request.seen.end);
}

type Given = readonly [Authorization, Tokens];

/**
 * Whether two authorizations are of two people who signed in on the page. Consent that is given by itself makes up a
 * user each time, so that who such a token is for says nothing.
 */
function isOtherPerson(a: Given, b: Given): boolean {
  const personOf = ([{ answers }, { access }]: Given): string | null =>
    answers.some(({ seen, code }) => code && seen.endpoint === 'consent')
      ? textOf(decodeToken(access ?? '')?.claims, 'sub')
      : null;
  const [one, other] = [personOf(a), personOf(b)];
  return one !== null && other !== null && one !== other;
}

/** Whether a family of tokens is still used some time after a moment: by a call that is let in, or by a refresh. */
function isUsedAfter(run: Run, root: Tokens, moment: number): boolean {
  const since = moment + REPLACED;
  return (
    run.ledger.calls.some(
      ({ seen, tokens }) =>
        tokens !== null && seen.start > since && seen.status >= 200 && seen.status < 300 && rootOf(tokens) === root,
    ) ||
    run.ledger.tokenRequests.some(
      ({ seen, refresh, tokens }) =>
        tokens !== null && seen.start > since && refresh !== null && isOf(run, refresh, root),
    )
  );
}

function isOf(run: Run, refresh: string, root: Tokens): boolean {
  const tokens = run.ledger.byRefresh.get(refresh);
  return tokens !== undefined && rootOf(tokens) === root;
}

/** What a client did next to get a token: the first refresh or authorization after an exchange, of the same user. */
export function nextGrant(run: Run, after: Seen, tokens: Tokens | null): Seen | undefined {
  return run.after(after).find((one) => {
    if (one.endpoint === 'token') return one.param('grant_type') === 'refresh_token';
    if (one.endpoint !== 'authorize') return false;
    const authorization = run.authorizations.find(({ seen }) => seen === one);
    return authorization === undefined || !isAnothers(run, authorization, tokens);
  });
}

/** Whether two authorization requests may come from one browser: nothing tells them apart. */
export function isSameBrowser(a: Seen, b: Seen): boolean {
  const place = ({ exchange: { client } }: Seen): string =>
    JSON.stringify([client.userAgent, client.connection?.replace(/#.*$/, '')]);
  return place(a) === place(b);
}
