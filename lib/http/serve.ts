/** A request as named steps, from its arrival to the record. */
import { capture } from './steps/capture.ts';
import type { Parts } from './parts.ts';
import { refusal } from './refusal.ts';
import { body } from './steps/body.ts';
import { dress } from './steps/dress.ts';
import { fault } from './steps/fault.ts';
import { identify } from './steps/identify.ts';
import { limit, sandboxLimit } from './steps/limit.ts';
import { route } from './steps/route.ts';
import { worthNoting } from './tail.ts';
import { type Arrival, type Step, Visit } from './visit.ts';

/** The way to the answer. A step that sets the answer, or throws, ends it. */
const STEPS: readonly Step[] = [identify, limit, body, sandboxLimit, fault, route];

/** Answers a request to a route: `identify → limit → body → fault → route → dress → capture`. Never rejects. */
export async function serve(parts: Parts, arrival: Arrival): Promise<Response> {
  const visit = new Visit(parts, arrival);
  try {
    for (const step of STEPS) {
      const waiting = step(visit);
      if (waiting !== undefined) await waiting;
      if (visit.response !== null || visit.dropped) break;
    }
  } catch (error) {
    visit.response = await refusal(visit, error);
  }
  let status = 0;
  let sent: Response;
  try {
    dress(visit);
    const captured = capture(visit);
    ({ response: sent, status } = captured instanceof Promise ? await captured : captured);
  } catch (error) {
    visit.endRecord?.();
    parts.log('an answer could not be finished', error);
    status = 500;
    sent = new Response(null, { status });
  }
  const seconds = (performance.now() - visit.monotonic) / 1000;
  parts.metrics.observe(visit.endpoint, visit.request.method, status, seconds);
  const says = worthNoting(visit.operation?.id ?? null, visit.endpoint, status);
  if (says !== null) parts.tail.note({ says, sandbox: visit.sandbox?.record.id ?? null });
  return sent;
}
