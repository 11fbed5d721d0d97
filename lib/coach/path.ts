/** What a client did in a run, small enough to keep and to compare: an exchange is a row. */
import { isChange, type LedgerEntry, type Party } from '#lib/exchange/types.ts';

/** An exchange: who asks whom, for what, with which parameters, and the status of the answer. */
export type PathRow = readonly [
  from: Party,
  to: Party,
  /** Method and path, without the address of the sandbox. */
  request: string,
  /** Tool, JSON-RPC method or grant type; empty if there is none. */
  detail: string,
  /** Names of the parameters in query, form and JSON of a request to the authorization server, sorted. */
  parameters: string,
  /** Null if no answer was delivered. */
  status: number | null,
];

/** Exchanges that are kept of a run. */
const MOST = 60;
/** Names that are kept of a request, and characters of a path or a detail. */
const MOST_NAMES = 24;
const LENGTH = 80;

/** @param entries of a ledger, in order */
export function pathRows(entries: readonly LedgerEntry[]): PathRow[] {
  return entries
    .flatMap((entry): PathRow[] => {
      if (isChange(entry)) return [];
      const { from, to, request, response, delivered, tool, rpcMethod, grantType, parameters } = entry;
      const names = to === 'as' ? Object.keys(parameters).sort().slice(0, MOST_NAMES) : [];
      const detail = tool ?? rpcMethod ?? grantType ?? '';
      return [
        [
          from,
          to,
          `${request.method} ${pathOf(request.url)}`.slice(0, LENGTH),
          detail.slice(0, LENGTH),
          names.map((name) => name.slice(0, 40)).join(' '),
          delivered ? (response?.status ?? null) : null,
        ],
      ];
    })
    .slice(0, MOST);
}

/** A path without the sandbox that it is in: two runs have different ones. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return url;
  return new URL(url).pathname.replace(/\/s\/[a-z2-7]{26}(?=\/|$)/, '') || '/';
}
