/** What each side holds, and how the two are related. */
import { isRefused, type Parameters, queryOf, queryOfUrl, redirectOf } from '#lib/exchange/read.ts';
import { isAlive, type Ledger } from '../ledger.ts';
import { later } from '../later.ts';
import type { Facts, HoldingCell, HoldingRow, Life, Track } from '../types.ts';
import { allExchangesOf } from './steps.ts';
import { clockTime, say } from './words.ts';

interface Seen {
  readonly track: Track;
  readonly facts: Facts;
  readonly now: Ledger;
}
type Row = (seen: Seen) => Pick<HoldingRow, 'client' | 'as' | 'relation'>;

const value = (name: string, text: string, ended = false): HoldingCell => ({ value: text, name, absent: null, ended });
const absent = (text: string): HoldingCell => ({ value: null, name: null, absent: text, ended: false });

function lifeNow(seen: Seen, name: string): Life | undefined {
  const inHand = seen.now.bag[name]?.value;
  return seen.now.lives.findLast((life) => life.name === name && life.value === inHand);
}

/** "spent at 12:04:52": how a value ended. */
function ending(seen: Seen, life: Life): string {
  const { absent: texts } = seen.track.figures.holdings;
  const isExpired = life.ended === null;
  const how = isExpired
    ? 'expired'
    : life.how === 'replaced' || life.how === 'returned'
      ? 'spent'
      : (life.how ?? 'spent');
  return say(texts[how] ?? how, { time: clockTime(isExpired ? life.expires! : life.ended!) });
}

/** The last authorization request that the server took: one that it refused leaves nothing behind. */
function sentQuery(seen: Seen): Parameters | null {
  const authorize = allExchangesOf(seen.facts).findLast(
    (entry) => entry.exchange.endpoint === 'authorize' && entry.exchange.request.method === 'GET',
  );
  if (authorize) return isRefused(authorize.exchange) ? null : queryOf(authorize.exchange);
  return seen.facts.state.navigation ? queryOfUrl(seen.facts.state.navigation.url) : null;
}

/** Whether an authorization request with this `state` came to the server: what it refuses, it has read, too. */
function hasReadState(seen: Seen, state: string): boolean {
  return allExchangesOf(seen.facts).some(
    ({ exchange }) =>
      exchange.endpoint === 'authorize' &&
      exchange.request.method === 'GET' &&
      queryOf(exchange).get('state') === state,
  );
}

/** The code that the server put into its latest redirect; null if there is none. */
function issuedCode(seen: Seen): string | null {
  const redirects = allExchangesOf(seen.facts).map(
    (entry) => redirectOf(entry.exchange)?.parameters.get('code') ?? null,
  );
  return redirects.findLast((code) => code !== null) ?? null;
}

/** Whether the server has answered a token request with tokens: only then is one of them "not issued". */
function hasRedeemed(seen: Seen): boolean {
  return allExchangesOf(seen.facts).some(
    ({ exchange }) => exchange.endpoint === 'token' && exchange.response?.status === 200,
  );
}

const storedHash = (text: string): string => later()?.s256(text) ?? '…';

/** A token or code that the server keeps only as a hash. */
function hashed(name: string): Row {
  return (seen) => {
    const texts = seen.track.figures.holdings.absent;
    const inHand = seen.now.bag[name]?.value;
    const none = name === 'code' || !hasRedeemed(seen) ? texts.not_yet! : texts.not_issued!;
    if (inHand === undefined) {
      // What the server issued it holds, also if the client dropped the answer.
      const issued = name === 'code' ? issuedCode(seen) : null;
      const as = issued === null ? absent(none) : value(name, storedHash(issued));
      return { client: absent(texts.not_yet!), as, relation: null };
    }
    const life = lifeNow(seen, name);
    if (!isAlive(life, seen.facts.now) && life)
      return { client: value(name, inHand, true), as: absent(ending(seen, life)), relation: null };
    return { client: value(name, inHand), as: value(name, storedHash(inHand)), relation: 'hash' };
  };
}

const ROWS: Readonly<Record<string, Row>> = {
  client_id: (seen) => {
    const texts = seen.track.figures.holdings.absent;
    const inHand = seen.now.bag.client_id?.value;
    if (inHand === undefined) return { client: absent(texts.not_yet!), as: absent(texts.not_yet!), relation: null };
    return { client: value('client_id', inHand), as: value('client_id', inHand), relation: '=' };
  },
  state: (seen) => {
    const texts = seen.track.figures.holdings.absent;
    const inHand = seen.now.bag.state?.value;
    const isRead = sentQuery(seen) !== null || (inHand !== undefined && hasReadState(seen, inHand));
    const as = absent(isRead ? texts.not_kept! : texts.not_seen!);
    if (inHand === undefined) return { client: absent(texts.not_yet!), as, relation: null };
    return { client: value('state', inHand, lifeNow(seen, 'state')?.ended != null), as, relation: null };
  },
  code_verifier: (seen) => {
    const texts = seen.track.figures.holdings.absent;
    const inHand = seen.now.bag.code_verifier?.value;
    if (inHand === undefined) return { client: absent(texts.not_yet!), as: absent(texts.not_seen!), relation: null };
    const life = lifeNow(seen, 'code_verifier');
    const isSpent = life?.how === 'spent';
    const challenge = sentQuery(seen)?.get('code_challenge') ?? undefined;
    const client = value('code_verifier', inHand, isSpent);
    if (challenge === undefined) return { client, as: absent(texts.not_seen!), relation: null };
    if (isSpent && life) return { client, as: absent(ending(seen, life)), relation: null };
    return {
      client,
      as: value('code_challenge', challenge),
      relation: challenge === seen.now.bag.code_challenge?.value ? 'S256' : '≠',
    };
  },
  code: hashed('code'),
  access_token: (seen) => {
    const texts = seen.track.figures.holdings.absent;
    const inHand = seen.now.bag.access_token?.value;
    if (inHand === undefined) {
      const none = hasRedeemed(seen) ? texts.not_issued! : texts.not_yet!;
      return { client: absent(texts.not_yet!), as: absent(none), relation: null };
    }
    const life = lifeNow(seen, 'access_token');
    if (life && !isAlive(life, seen.facts.now))
      return { client: value('access_token', inHand, true), as: absent(ending(seen, life)), relation: null };
    return { client: value('access_token', inHand), as: absent(texts.not_kept!), relation: 'signed' };
  },
  refresh_token: hashed('refresh_token'),
};

/** The rows of the figure, in its order; rows that a track does not know are left out. */
export function holdingsOf(track: Track, facts: Facts, now: Ledger): HoldingRow[] {
  const { rows, row_labels, alt, relations } = track.figures.holdings;
  return rows
    .filter((id) => ROWS[id] && track.values[id])
    .map((id) => {
      const row = ROWS[id]!({ track, facts, now });
      const relation = relations.find((entry) => entry.mark === row.relation)?.says ?? 'nothing relates them';
      const tell = (cell: HoldingCell): string =>
        cell.value === null
          ? (cell.absent ?? 'nothing')
          : cell.ended
            ? `${cell.value}, which is no longer good`
            : cell.value;
      return {
        id,
        label: row_labels[id] ?? id,
        ...row,
        alt: say(alt, { row: row_labels[id] ?? id, client: tell(row.client), as: tell(row.as), relation }),
      };
    });
}
