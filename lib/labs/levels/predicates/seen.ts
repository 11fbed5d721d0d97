/** What a goal can ask of an exchange, beside what the steps of the guide ask. */
import { codeLifetimeOf, headerOf, parameterOf, queryOfUrl, tokenOf } from '#lib/exchange/read.ts';
import { listOf, type Seen } from '#lib/guide/predicates/predicate.ts';
import { reasonShown, shownOf } from '#lib/guide/shown.ts';
import type { Exchange, ExchangeEntry } from '#lib/guide/types.ts';
import { fill } from '#lib/guide/values.ts';

/** How the answer came: by a page, a redirect, JSON or a challenge. */
const shown: Seen = { seen: 'shown', holds: (wanted, entry) => shownOf(entry) === wanted };

/** Why the server refused. */
const reason: Seen = { seen: 'reason', holds: (wanted, entry) => reasonShown(entry) === wanted };

/** The token that the request carried is this one. */
const token: Seen = {
  seen: 'token',
  holds: (wanted, entry, facts) => tokenOf(entry.exchange)?.token === fill(String(wanted), facts.ledger.bag),
};

/** The request asked for these scopes. */
const scopeHas: Seen = {
  seen: 'scope_has',
  holds: (wanted, { exchange }) =>
    listOf(wanted).every((scope) => (parameterOf(exchange, 'scope') ?? '').split(' ').includes(scope)),
};

/**
 * Where the request went: the end of its path. `custom`: a document that lies where no rule of RFC 9728 would put it.
 */
const location: Seen = {
  seen: 'location',
  holds: (wanted, { exchange }) => {
    const { pathname } = new URL(exchange.request.url);
    return wanted === 'custom' ? !pathname.includes('/.well-known/') : pathname.endsWith(`/${String(wanted)}`);
  },
};

/** The exchange that put a code into a redirect. */
function issuing(code: string, all: readonly ExchangeEntry[]): Exchange | undefined {
  return all.findLast(({ exchange }) => queryOfUrl(headerOf(exchange.response, 'location') ?? '').get('code') === code)
    ?.exchange;
}

/** Seconds that the code of a token request had left, by the sandbox's clock. */
export function codeLeft(exchange: Exchange, all: readonly ExchangeEntry[]): number | null {
  const code = parameterOf(exchange, 'code');
  const issued = code === null ? undefined : issuing(code, all);
  const lifetime = issued && codeLifetimeOf(issued);
  return issued && lifetime ? lifetime - (Date.parse(exchange.clock) - Date.parse(issued.clock)) / 1000 : null;
}

/** The code had so many seconds left. */
const codeLeftIs: Seen = {
  seen: 'code_left',
  holds: (wanted, { exchange }, facts) => {
    const left = codeLeft(exchange, facts.all);
    const { min = 0, max = Number.POSITIVE_INFINITY } = wanted as { min?: number; max?: number };
    return left !== null && left >= min && left < max;
  },
};

export const seens: readonly Seen[] = [shown, reason, token, scopeHas, location, codeLeftIs];
