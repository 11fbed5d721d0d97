/** The rail: one line of result a step, true now. */
import { isCallback } from '../callback.ts';
import { errorOf } from '#lib/exchange/read.ts';
import { type Ledger, lifeOf } from '../ledger.ts';
import { fillSpans, shorten } from '../values.ts';
import type { Facts, Span, StepView } from '../types.ts';
import type { StepFacts } from './steps.ts';
import { PARTY_WORDS } from './words.ts';

const plain = (text: string): Span[] => [{ text }];

/** `code-expired` → "code expired". */
const words = (reason: string): string => reason.replaceAll('-', ' ');

/** In a few words, why a step failed. */
export function shortCause(entry: StepFacts['failing']): string {
  if (!entry) return 'not done';
  const failed = entry.checks.find((check) => !check.ok);
  if (failed) return `the client stops: ${words((failed.reason ?? failed.check).replace(/^client-/, ''))}`;
  if (entry.failed)
    return entry.failed === 'timeout' ? 'no answer in time' : entry.failed === 'aborted' ? 'given up' : 'no answer';
  const status = entry.exchange.response?.status ?? 0;
  const error = errorOf(entry.exchange);
  const parts = [isCallback(entry.exchange) ? '' : String(status), error ?? ''].filter(Boolean).join(' ');
  return entry.exchange.reason ? `${parts}: ${words(entry.exchange.reason)}` : parts || 'not what this step is for';
}

/** The line under a step's title. */
export function railLine(step: StepFacts, facts: Facts, now: Ledger): Span[] {
  const { status } = step;
  if (status === 'locked') return plain(step.step.waits_for?.says ?? 'not yet');
  if (status === 'running')
    return plain(
      step.away ? 'with you, at the consent page' : `with ${PARTY_WORDS[facts.running?.to ?? step.step.actor_to]}`,
    );
  if (status === 'failed') return plain(shortCause(step.failing));
  if (status === 'stale')
    return plain(`stale: ${step.staleBecause!.value} was changed in step ${step.staleBecause!.number}`);
  if (status === 'done')
    return fillSpans(step.step.result_line, step.ledger.bag).map((span) =>
      span.value && span.text.length > 12 ? { ...span, text: shorten(span.text, 6) } : span,
    );
  const life = step.step.waits_for ? lifeOf(now, step.step.waits_for.value) : undefined;
  if (life?.name === 'code' && life.ended === null && life.expires !== null) {
    const left = Math.ceil((life.expires - facts.now) / 1000);
    return plain(left > 0 ? `ready, ${left} s left` : 'the code has expired');
  }
  if (life && life.ended !== null) return plain(`${life.name} ${life.how}`);
  return plain('ready to send');
}

/** One line of the rail. */
export function stepView(step: StepFacts, facts: Facts, now: Ledger, current: string | null): StepView {
  return {
    id: step.step.id,
    number: step.step.number,
    title: step.step.title,
    status: step.status,
    line: railLine(step, facts, now),
    current: step.step.id === current,
    edited: step.edited,
    staleBecause: step.staleBecause,
  };
}
