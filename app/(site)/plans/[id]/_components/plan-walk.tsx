'use client';

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Trouble } from '#components/controls/trouble.tsx';
import { useTask } from '#components/controls/use-task.ts';
import { useSeconds } from '#components/ledger/use-seconds.ts';
import { VerdictMark } from '#components/report/mark.tsx';
import { Stray } from '#components/site/stray.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { createControl } from '#lib/client/control.ts';
import { createLive } from '#lib/live/live.ts';
import { itemMark, minutesLeft, openItem, type PlanItem, planSteps } from '#lib/live/plan.ts';
import { coded } from '#lib/live/scenarios.ts';
import { useReport } from '../../../sandbox/[id]/_components/use-report.ts';
import { Arrivals } from './arrivals.tsx';
import { JudgedBy } from './judged-by.tsx';
import { PlanRail, type RailGroup } from './plan-rail.tsx';
import { PlanRuler } from './plan-ruler.tsx';
import { Steps } from './steps.tsx';
import { usePlan } from './use-plan.ts';

interface PlanWalkProps {
  readonly id: string;
  readonly groups: readonly RailGroup[];
  /** Titles and levels of the rules, by id. */
  readonly rules: Readonly<Record<string, { readonly title: string; readonly level: string }>>;
  /** What the server does in each scenario. */
  readonly does: Readonly<Record<string, string>>;
}

/** A plan in the page: scenarios for steps, moved on by what arrives and never by a click. */
export function PlanWalk({ id, groups, rules, does }: PlanWalkProps) {
  const { access, plan, token, sandbox, start, finish } = usePlan(id);
  const { busy, trouble, run } = useTask();
  const [pace, setPace] = useState<readonly number[]>([]);
  // What was left out when the plan was made is not counted.
  const items = useMemo(() => (plan?.items ?? []).filter(({ state }) => state !== 'skipped'), [plan]);
  const running = openItem(plan);
  const next = items.find(({ state }) => state === 'waiting') ?? null;
  const shown = running ?? next;
  const place = shown ? items.indexOf(shown) + 1 : items.length;
  const now = useSeconds() ?? 0;

  const address = running?.sandbox ?? null;
  const live = useMemo(
    () => createLive({ address: `/api/sandboxes/${address ?? 'none'}`, token: address === null ? null : token }),
    [address, token],
  );
  const snapshot = useSyncExternalStore(live.subscribe, live.snapshot, live.snapshot);
  useEffect(() => (address === null ? undefined : live.start()), [live, address]);
  const since = Date.parse(running?.started_at ?? '') || 0;
  const entries = useMemo(
    () => (running === null ? [] : snapshot.entries.filter((entry) => Date.parse(entry.at) >= since)),
    [running, snapshot.entries, since],
  );
  const steps = useMemo(() => (shown ? planSteps(shown.do, entries, now) : []), [shown, entries, now]);
  const control = useMemo(
    () => (address === null ? null : createControl(`/api/sandboxes/${address}`, token)),
    [address, token],
  );
  const { report } = useReport(control, entries.at(-1)?.seq ?? 0, false);
  const done = running !== null && steps.length > 0 && steps.every(({ by }) => by !== null);

  const goOn = async () => {
    if (busy) return;
    await run(async () => {
      if (running) {
        setPace((before) => [...before, Math.max(0, Date.now() - since) / 1000].slice(-10));
        await finish(running.scenario);
      }
      const after = items.find((item) => item.state === 'waiting' && item.scenario !== running?.scenario);
      if (after) await start(after.scenario);
    });
  };
  const skip = () =>
    run(async () => {
      if (running) await finish(running.scenario);
    });
  const act = useRef(goOn);
  act.current = goOn;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && !event.repeat && event.target === document.body) void act.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  if (access === 'gone' || access === 'closed')
    return (
      <Stray
        title={access === 'gone' ? 'This plan is over.' : 'This plan is for its owner.'}
        ways={
          <a className="btn" href="/scenarios">
            Start another
          </a>
        }
      >
        <p className="lede">
          {access === 'gone'
            ? 'It was ended, or its time is over; its sandboxes are gone with it.'
            : 'Open the link that came with it: it holds the control token.'}
        </p>
      </Stray>
    );
  if (!plan)
    return (
      <Stray title="Run them all">
        <p className="cap" role="status">
          Reading the plan.
        </p>
      </Stray>
    );
  const finished = items.filter(({ state }) => state === 'done');
  return (
    <div className="plan">
      <PlanRuler items={items} groups={groups} at={shown?.scenario ?? null}>
        {finished.length} of {items.length} done
        {shown && `, about ${minutesLeft(items, pace)} min left`}
      </PlanRuler>
      <div className="plan-cols">
        <PlanRail items={items} groups={groups} at={shown?.scenario ?? null} plan={id} />
        <main id="main">
          {shown ? (
            <>
              <h1 className="title">
                <i>{place}</i> <Prose text={coded(shown.title)} />
              </h1>
              <p className="lede">
                <Prose text={does[shown.scenario] ?? ''} />
              </p>
              <p className="tiny dim">
                <code>{shown.scenario}</code>, takes about {Math.max(shown.seconds.least, 10)} s.{' '}
                <a href={`/scenarios/${shown.scenario}`}>All about it</a>
              </p>
              <section aria-labelledby="do-h">
                <header className="figh">
                  <span className="fign">Fig. {place}.1</span>
                  <h2 id="do-h">Do this</h2>
                  <span className="cap">the page sees what arrives, and follows along</span>
                </header>
                <Steps
                  steps={steps}
                  address={running ? (sandbox?.mcp.oauth ?? null) : null}
                  running={running !== null}
                  now={now}
                  since={since}
                />
              </section>
              <div className="plan-acts">
                <button type="button" className="go" aria-busy={busy || undefined} onClick={() => void goOn()}>
                  {running === null ? 'Start' : done ? 'Judge it, and start the next' : 'Judge it now'}
                  <kbd>
                    <Icon name="enter" />
                  </kbd>
                </button>
                {running !== null && (
                  <button type="button" className="btn" disabled={busy} onClick={() => void skip()}>
                    It cannot do this
                  </button>
                )}
              </div>
              <Trouble says={trouble} />
              <section aria-labelledby="judged-h">
                <header className="figh">
                  <span className="fign">Fig. {place}.2</span>
                  <h2 id="judged-h">What it is judged by</h2>
                </header>
                {shown.judged_by.length === 0 ? (
                  <p className="cap">
                    {shown.not_judged ? (
                      <Prose text={`${shown.not_judged.why} ${shown.not_judged.look}`} />
                    ) : (
                      'Every rule that it gives occasion for.'
                    )}
                  </p>
                ) : (
                  <JudgedBy ids={shown.judged_by} rules={rules} report={running === null ? null : report} />
                )}
              </section>
            </>
          ) : (
            <>
              <h1 className="title">All done.</h1>
              <p className="lede">
                {finished.length} scenarios were run.{' '}
                <a href={`/plans/${id}/report`}>Read the report of the whole plan</a>, beside its last run.
              </p>
            </>
          )}
          <JustDone items={finished.slice(-3).reverse()} all={items} />
        </main>
        <aside className="plan-plate" aria-label="What arrives">
          <Arrivals entries={entries} next={steps.find(({ by }) => by === null) ?? null} running={running !== null} />
          {address !== null && (
            <p className="tiny">
              <a href={`/sandbox/${address}#control=${token}`}>Open it as a sandbox</a>
            </p>
          )}
        </aside>
      </div>
    </div>
  );
}

const warningsOf = (count: number): string => `${count} ${count === 1 ? 'warning' : 'warnings'}`;

/** The latest results. */
function JustDone({ items, all }: { readonly items: readonly PlanItem[]; readonly all: readonly PlanItem[] }) {
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="just-h">
      <header className="figh">
        <h2 id="just-h">Just done</h2>
      </header>
      <ul className="plan-done">
        {items.map((item) => (
          <li key={item.scenario}>
            <i className="num">{all.indexOf(item) + 1}</i>
            <VerdictMark mark={itemMark(item)} />
            <span>
              <Prose text={coded(item.title)} />
            </span>
            <span className="tiny dim">
              {item.summary
                ? `${item.summary.pass} pass, ${item.summary.fail} fail, ${warningsOf(item.summary.warn)}`
                : (item.why ?? '')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
