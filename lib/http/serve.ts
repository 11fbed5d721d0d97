/** A request as named steps, from its arrival to the record. */
import { isPromise } from '#lib/spec/promise.ts';
import { elapsed } from '#lib/spec/timers.ts';
import { capture, type Sent } from './steps/capture.ts';
import type { Parts } from './parts.ts';
import { refusal } from './refusal.ts';
import { body } from './steps/body.ts';
import { dress } from './steps/dress.ts';
import { fault } from './steps/fault.ts';
import { identify } from './steps/identify.ts';
import { limit, sandboxLimit } from './steps/limit.ts';
import { startSpan } from './spans.ts';
import { route } from './steps/route.ts';
import { worthNoting } from './tail.ts';
import { type Arrival, type Step, Visit } from './visit.ts';

/** The way to the answer. A step that sets the answer, or throws, ends it. */
const STEPS: readonly Step[] = [identify, limit, body, sandboxLimit, fault, route];

/** Answers a request to a route: `identify → limit → body → fault → route → dress → capture`. Never rejects. */
export async function serve(parts: Parts, arrival: Arrival): Promise<Response> {
  const visit = begin(parts, arrival);
  if (visit === null) return new Response(null, { status: 500 });
  const span = startSpan(arrival, parts.site.version);
  const { response, status } = await (span === null ? answer(visit) : span.run(() => answer(visit)));
  const seconds = (elapsed() - visit.monotonic) / 1000;
  const refused = status === 429 && !visit.scripted;
  parts.metrics.observe(visit.endpoint, visit.request.method, status, seconds, refused);
  const { sandbox } = visit;
  // `default` and what never expires are meant to be used by everybody.
  if (sandbox !== null && sandbox.record.ttl !== null) parts.noteBusy(sandbox.record.id, visit.remoteAddress);
  span?.end(visit, status);
  const says = worthNoting(visit.operation?.id ?? null, visit.endpoint, status, visit.scripted);
  if (says !== null) parts.tail.note({ says, sandbox: sandbox?.record.id ?? null });
  return response;
}

/** The visit of a request, or null and a line in the log if not even that can be made: a clock that throws. */
function begin(parts: Parts, arrival: Arrival): Visit | null {
  try {
    return new Visit(parts, arrival);
  } catch (error) {
    parts.log('a request could not be begun', error);
    return null;
  }
}

/** Takes the steps, and sends what they come to. Never rejects. */
async function answer(visit: Visit): Promise<Sent> {
  try {
    for (const step of STEPS) {
      const waiting = step(visit);
      if (waiting !== undefined) await waiting;
      if (visit.response !== null || visit.dropped) break;
    }
  } catch (error) {
    visit.response = await refusal(visit, error);
  }
  try {
    dress(visit);
    const captured = capture(visit);
    return isPromise(captured) ? await captured : captured;
  } catch (error) {
    visit.endRecord?.();
    visit.parts.log('an answer could not be finished', error);
    return { response: new Response(null, { status: 500 }), status: 500 };
  }
}
