/** One try to deliver an event, and its result. */
import { isFetchRefused } from '#lib/fetch/refused.ts';
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { CloudEvent } from './event.ts';
import { signedHeaders } from './sign.ts';

export type Outcome =
  | { readonly is: 'delivered' }
  /** The receiver wants nothing more: 410. */
  | { readonly is: 'gone' }
  | { readonly is: 'failed'; readonly problem: string /** ms that the receiver asks for. */; readonly after?: number };

/** Bytes of an event, and of an answer, whose body says nothing. */
const MOST_BYTES = 65_536;
/** Longest pause that a receiver may ask for, ms. */
const LONGEST_PAUSE = 600_000;

export interface Delivery {
  readonly url: string;
  readonly event: CloudEvent;
  readonly secret: string;
  readonly fetch: GuardedFetch;
  /** Wall ms. */
  readonly now: number;
}

/** Sends an event. Never throws. Only a status of 2xx counts as received; redirects are not followed. */
export async function send({ url, event, secret, fetch, now }: Delivery): Promise<Outcome> {
  const body = JSON.stringify(event);
  if (Buffer.byteLength(body) > MOST_BYTES) return { is: 'failed', problem: `The event is over ${MOST_BYTES} bytes.` };
  try {
    const { status, headers } = await fetch(url, {
      method: 'POST',
      body,
      accept: '*/*',
      maxBytes: MOST_BYTES,
      requester: `webhook ${new URL(url).host}`,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        ...signedHeaders(secret, event.id, now, body),
      },
    });
    return judged(status, headers.get('retry-after'), now);
  } catch (error) {
    if (!isFetchRefused(error)) return { is: 'failed', problem: 'The receiver could not be reached.' };
    // A receiver that says 200 and then talks on, or never ends its answer, has received it.
    if ((error.kind === 'too-large' || error.kind === 'timeout') && error.status !== null)
      return judged(error.status, null, now);
    return { is: 'failed', problem: error.message };
  }
}

function judged(status: number, retryAfter: string | null, now: number): Outcome {
  if (status >= 200 && status < 300) return { is: 'delivered' };
  if (status === 410) return { is: 'gone' };
  const after = pauseOf(retryAfter, now);
  return { is: 'failed', problem: `The receiver answered ${status}.`, ...(after === null ? {} : { after }) };
}

/** `Retry-After` in seconds or as a date. @see https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3 */
function pauseOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_PAUSE) : null;
}
