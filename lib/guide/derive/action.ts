/** The one primary action. */
import { opensBeside } from '../callback.ts';
import { missingIn } from '../values.ts';
import { prepareRequest } from '../prepare.ts';
import type { Ledger } from '../ledger.ts';
import type { ActionView, Facts, Step, Track } from '../types.ts';
import { isGood, type StepFacts, whoGets } from './steps.ts';
import { BEADLESS } from './beads.ts';
import { PARTY_TITLES, PARTY_WORDS } from './words.ts';

const NOTHING = { waitsFor: null, carries: [], href: null, navigates: false, running: false } as const;

function sendOf(step: Step, facts: Facts, now: Ledger, label: string, note: string): ActionView {
  const first = step.requests.find((request) => request.sends_when === null)!;
  const prepared = prepareRequest(first, now.bag, facts.state.edits[step.id]?.[first.id]);
  return {
    ...NOTHING,
    kind: 'send',
    step: step.id,
    label,
    note,
    from: step.actor_from,
    to: step.actor_to,
    enabled: true,
    carries: Object.keys(prepared.used).filter((name) => !BEADLESS.has(name)),
    navigates: first.navigates,
  };
}

function withArticle(name: string): string {
  const word = name.replaceAll('_', ' ');
  return `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`;
}

/** What a value is called in "Waits for …". */
function waitsFor(track: Track, step: Step, facts: Facts, now: Ledger): ActionView['waitsFor'] {
  const name = step.waits_for!.value;
  const getter = whoGets(track, now, name, facts.now);
  const says = step.waits_for!.says.replace(/^waits for /, '');
  return {
    says:
      'Waits for ' +
      `${says === name ? withArticle(name) : says}.${getter ? ` Step ${getter.number} comes first.` : ''}`,
    step: getter?.id ?? track.steps[0]!.id,
  };
}

/**
 * What the button does: the step that is looked at, where it can and should be sent; else the next
 * one that is not done.
 */
export function actionOf(
  track: Track,
  steps: readonly StepFacts[],
  viewed: StepFacts,
  facts: Facts,
  now: Ledger,
): ActionView {
  const { step } = viewed;
  if (facts.running && facts.running.experiment === null) {
    const at = (steps.find((candidate) => candidate.step.id === facts.running!.step) ?? viewed).step;
    return {
      ...NOTHING,
      kind: 'none',
      step: at.id,
      label: `With ${PARTY_WORDS[facts.running.to]}`,
      note: 'The answer is on its way.',
      from: facts.running.from,
      to: facts.running.to,
      enabled: false,
      running: true,
    };
  }
  if (facts.state.lost) {
    const first = track.steps[0]!;
    return sendOf(
      first,
      facts,
      now,
      'Begin again in a new sandbox',
      'Your sandbox is gone: it lives for a day after its last use. What you did can still be read.',
    );
  }
  if (viewed.away) {
    if (opensBeside(step))
      return {
        ...NOTHING,
        kind: 'none',
        step: step.id,
        label: 'Waits for you in the other window',
        note: 'Open the page, compare the code, and approve. This page goes on by itself.',
        from: 'you',
        to: 'as',
        enabled: false,
        waitsFor: { says: 'Open the page, compare the code, and approve. This page goes on by itself.', step: step.id },
      };
    const { resume } = facts.state.navigation!;
    if (resume)
      return {
        ...NOTHING,
        kind: 'resume',
        step: step.id,
        label: 'Back to the consent page',
        note: `${PARTY_TITLES.as} waits there for your answer.`,
        from: 'you',
        to: 'as',
        enabled: true,
        href: resume,
        navigates: true,
      };
    return sendOf(step, facts, now, `${step.action} again`, 'You left before the server had an answer for you.');
  }
  if (viewed.status === 'locked') {
    return {
      ...NOTHING,
      kind: 'none',
      step: step.id,
      label: step.action,
      note: step.action_note,
      from: step.actor_from,
      to: step.actor_to,
      enabled: false,
      waitsFor: waitsFor(track, step, facts, now),
    };
  }
  const wanted = step.waits_for?.value;
  const isSpoilt = wanted !== undefined && viewed.status !== 'done' && !isGood(now, wanted, facts.now);
  if (isSpoilt) {
    const getter = whoGets(track, now, wanted, facts.now);
    if (getter && getter.id !== step.id)
      return sendOf(
        getter,
        facts,
        now,
        getter.action,
        `The ${wanted.replaceAll('_', ' ')} is no longer good; step ${getter.number} gets a new one.`,
      );
  }
  if (viewed.status === 'failed' || viewed.status === 'stale' || viewed.edited)
    return sendOf(
      step,
      facts,
      now,
      `${step.action} again`,
      viewed.edited ? 'With what you changed. What depends on it will be marked stale.' : step.action_note,
    );
  if (viewed.status === 'ready') return sendOf(step, facts, now, step.action, step.action_note);
  const from = steps.indexOf(viewed);
  const next = [...steps.slice(from + 1), ...steps.slice(0, from)].find((candidate) => candidate.status !== 'done');
  if (!next)
    return {
      ...NOTHING,
      kind: 'finish',
      step: track.steps.at(-1)!.id,
      label: 'See the whole run',
      note: track.ends_with,
      from: 'you',
      to: 'you',
      enabled: true,
    };
  if (next.status === 'locked')
    return {
      ...NOTHING,
      kind: 'open',
      step: next.step.id,
      label: next.step.title,
      note: next.step.action_note,
      from: 'you',
      to: 'you',
      enabled: true,
    };
  const again = next.status === 'ready' ? '' : ' again';
  const spoilt =
    next.step.waits_for && !isGood(now, next.step.waits_for.value, facts.now)
      ? whoGets(track, now, next.step.waits_for.value, facts.now)
      : null;
  if (spoilt && spoilt.id !== next.step.id)
    return sendOf(
      spoilt,
      facts,
      now,
      spoilt.action,
      `The ${next.step.waits_for!.value.replaceAll('_', ' ')} is no longer good; this gets a new one.`,
    );
  return sendOf(next.step, facts, now, `${next.step.action}${again}`, next.step.action_note);
}

/** Names that a step's first request needs and that are not held. */
export function missingFor(step: Step, now: Ledger): string[] {
  const first = step.requests.find((request) => request.sends_when === null);
  return first
    ? [first.url, ...first.parameters.map((parameter) => parameter.value)].flatMap((template) =>
        missingIn(template, now.bag),
      )
    : [];
}
