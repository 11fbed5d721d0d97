/** Notes in the record what the sandbox fetches because a client named its address. */
import { boundedBody } from '#lib/exchange/make.ts';
import type { Fetched } from '#lib/exchange/types.ts';
import { isFetchRefused } from '#lib/fetch/refused.ts';
import type { GuardedFetch } from '#lib/fetch/types.ts';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Fetches of one request that are noted; a document may name further ones. */
const MOST_NOTED = 5;

/**
 * The same fetch, noting what came, within the trace of the request.
 * @param noted what the record of this request holds so far
 * @param trace `traceparent` of the request; null if it has none
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function notedFetch(fetch: GuardedFetch, noted: Fetched[], trace: string | null = null): GuardedFetch {
  const carried: Record<string, string> = trace !== null && TRACEPARENT.test(trace) ? { traceparent: trace } : {};
  const note = (entry: Fetched): void => {
    if (noted.length < MOST_NOTED) noted.push(entry);
  };
  return async (url, options) => {
    try {
      const answer = await fetch(url, { ...options, headers: { ...options.headers, ...carried } });
      const { status, headers } = answer;
      const { body } = boundedBody(new TextDecoder().decode(answer.body));
      note({ url, status, headers: [...headers].filter(([name]) => name !== 'set-cookie'), body, problem: null });
      return answer;
    } catch (error) {
      note({ url, headers: [], body: null, ...problemOf(error) });
      throw error;
    }
  };
}

/** A host that answered otherwise than it must is no problem of reaching it. */
function problemOf(error: unknown): Pick<Fetched, 'status' | 'problem'> {
  if (!isFetchRefused(error)) return { status: null, problem: 'unreachable' };
  if (error.kind === 'address' || error.kind === 'busy') return { status: null, problem: 'refused' };
  if (error.kind === 'timeout' || error.kind === 'unreachable') return { status: null, problem: error.kind };
  return { status: error.status, problem: null };
}
