'use client';

import { CopyButton } from '#components/values/copy.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import type { PlanStep } from '#lib/live/plan.ts';

interface StepsProps {
  readonly steps: readonly PlanStep[];
  /** Address for the client; null until the item has started. */
  readonly address: string | null;
  readonly running: boolean;
  /** Wall ms. */
  readonly now: number;
  readonly since: number;
}

/** What to do, in order: done, now, later. */
export function Steps({ steps, address, running, now, since }: StepsProps) {
  const current = running ? steps.findIndex(({ by }) => by === null) : -1;
  return (
    <ol className="plan-steps">
      {steps.map((step, index) => {
        const is = step.by !== null ? 'done' : index === current ? 'now' : 'later';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed, and a step may come twice
          <li key={`${index} ${step.title}`} className={is} aria-current={is === 'now' ? 'step' : undefined}>
            <div>
              <p className="what">
                {is === 'done' && (
                  <>
                    <Icon name="tick" />
                    <span className="vh">done: </span>
                  </>
                )}
                <Prose text={step.title} />
              </p>
              {index === 0 && address && (
                <p className="address">
                  <code translate="no">{address}</code>{' '}
                  <CopyButton text={() => address} label="Copy the address for the client" />
                </p>
              )}
              {is === 'now' && step.say && (
                <p className="say-it">
                  Say this to your client, or use its own button: <q>{step.say}</q>{' '}
                  <CopyButton text={() => step.say ?? ''} label="Copy what to say" />
                </p>
              )}
            </div>
            <span className="tiny" role={is === 'now' ? 'status' : undefined}>
              {is === 'done'
                ? `${step.passed ? 'went on without, ' : ''}exchange ${step.by}`
                : is === 'now'
                  ? `${step.waits}, ${Math.max(0, Math.round((now - since) / 1000))} s`
                  : ''}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
