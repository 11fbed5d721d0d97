'use client';

import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Action } from '#components/action/action.tsx';
import { useEarlyPress, useEnter } from '#components/action/use-enter.ts';
import type { Note as LineNote } from '#components/exchange/view.ts';
import { Experiments } from '#components/experiment/experiments.tsx';
import { Failure } from '#components/experiment/failure.tsx';
import { Rail, Strip } from '#components/rail/rail.tsx';
import { Late, useLate } from '#components/ui/late.ts';
import { handNames } from '#components/values/glyph.tsx';
import { LitValues } from '#components/values/lit.tsx';
import { Prose } from '#components/values/prose.tsx';
import { browserStorage, readMembership } from '#lib/guide/storage.ts';
import type { StepPage, Track } from '#lib/guide/types.ts';
import { Came, Top, useArrival } from './arrival.tsx';
import { Before, Bring } from './before.tsx';
import dynamic from 'next/dynamic';
import { LinkNote } from './link-note.tsx';
import { Plate } from './plate.tsx';
import { SandboxNote } from './sandbox-note.tsx';
import { MadeBy, RailFoot } from './rail-foot.tsx';
import { RequestFigure } from './request-figure.tsx';
import { usePresenting } from './use-presenting.ts';
import { useSnippets } from './use-snippets.ts';
import { StepNav } from './step-nav.tsx';
import { useWalk, type WalkHandle } from './use-walk.ts';

// What most visits of a step do not show is loaded when it is shown. Each stands in a Suspense of its own: without one
// React keeps the whole page as it was until the code has come, and a radio that was chosen jumps back.
const Beside = dynamic(() => import('./beside.tsx').then((module) => module.Beside));
const ClassNote = dynamic(() => import('./class-note.tsx').then((module) => module.ClassNote), { ssr: false });
const Done = dynamic(() => import('./done.tsx').then((module) => module.Done));
const FollowFigure = dynamic(() => import('./follow-figure.tsx').then((module) => module.FollowFigure));
const TokenFigure = dynamic(() => import('./token-figure.tsx').then((module) => module.TokenFigure));
const ExchangeFigure = dynamic(() => import('#components/exchange/figure.tsx').then((module) => module.ExchangeFigure));
const Presenter = dynamic(() => import('./presenter.tsx').then((module) => module.Presenter));
const Revisions = dynamic(() => import('./revisions.tsx').then((module) => module.Revisions));
const StandIn = dynamic(() => import('./stand-in.tsx').then((module) => module.StandIn));
const Outcome = dynamic(() => import('./outcome.tsx').then((module) => module.Outcome));
const Tally = dynamic(() => import('./tally.tsx').then((module) => module.Tally));

interface WalkProps {
  /** The track, without the texts of its steps. */
  readonly index: Track;
  /** The step that the address names, with its texts. */
  readonly page: StepPage;
  /** The step of the address, or `done`; null: it names none. */
  readonly named: string | null;
  /** `{origin}` of the page. */
  readonly origin: string;
}

/** The walk: rail, step, plate. It draws what `derive` says, and hands on what the reader does. */
export function Walk({ index, page, named, origin }: WalkProps) {
  const walk = useWalk(index, page, named, origin);
  const { track, view, viewing, hrefOf } = walk;
  const makers = useMemo(
    () => Object.fromEntries(Object.values(track.values).map((value) => [value.name, value.made_by])),
    [track],
  );
  const [presenting, present] = usePresenting();
  const endPresenting = useCallback(() => present(false), [present]);
  const { awake } = walk.snapshot;
  // Together: else what was done before the page was opened would travel on it.
  const plate = useLate(useMemo(() => ({ view, awake }), [view, awake]));
  useEnter(walk.act);
  useEarlyPress(awake);
  return (
    <div className={viewing === 'done' ? 'page finished' : 'page'}>
      <LitValues />
      <SandboxNote sandbox={walk.snapshot.state.sandbox} />
      <Rail
        title={track.title}
        steps={view.steps}
        done={view.done}
        finished={view.finished}
        viewing={viewing}
        hrefOf={hrefOf}
        onOpen={walk.open}
      >
        <RailFoot walk={walk} onPresent={presenting ? null : () => present(true)} />
      </Rail>
      <main className="step" id="main" tabIndex={-1}>
        <Top key={`top of ${viewing}`} turned={walk.turned} />
        <Strip steps={view.steps} viewing={viewing} hrefOf={hrefOf} onOpen={walk.open} />
        {awake && (readMembership(browserStorage()) !== null || walk.snapshot.state.frozenAt != null) && (
          <Suspense>
            <ClassNote walk={walk} />
          </Suspense>
        )}
        {viewing === 'done' ? (
          <Suspense>
            <Done track={track} walk={walk} makers={makers} origin={origin} />
          </Suspense>
        ) : (
          <StepBody key={viewing} track={track} walk={walk} origin={origin} />
        )}
      </main>
      {presenting && (
        <Suspense>
          <Presenter walk={walk} onEnd={endPresenting} />
        </Suspense>
      )}
      {viewing !== 'done' && <Plate track={track} {...plate} makers={makers} />}
    </div>
  );
}

interface BodyProps {
  readonly track: Track;
  readonly walk: WalkHandle;
  readonly origin: string;
}

function StepBody({ track, walk, origin }: BodyProps) {
  const { run, view, act, snapshot } = walk;
  const { step, action, failure } = view;
  const open = step.experiments.find((one) => one.letter === walk.openExperiment)?.id ?? null;
  const setOpen = (id: string | null) =>
    walk.setOpenExperiment(step.experiments.find((one) => one.id === id)?.letter ?? null);
  const heading = useRef<HTMLHeadingElement>(null);
  useArrival(heading);
  // A step that the reader has turned to comes from its top down, in parts.
  const [whole] = useState(!snapshot.awake || !walk.turned.current);
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
  }, []);
  const now = whole && !mounted.current;
  const glosses = useMemo(() => glossesOf(walk, track), [walk, track]);
  const makerOf = (name: string) => {
    const by = track.values[name]?.made_by ?? 'client';
    return by === 'attacker' ? 'fault' : by;
  };
  const shown = view.exchanges.length > 0 ? view.exchanges : view.before ? [view.before] : [];
  const snippet = useSnippets(shown.length > 0);
  const own = view.exchanges.length > 0;
  const busy = snapshot.running !== null;
  const back = () => {
    if (!failure) return;
    if (failure.wayBack.kind === 'restore') run.restore(failure.wayBack.step);
    else if (failure.wayBack.kind === 'restart') run.restart(failure.wayBack.step);
    else if (failure.wayBack.kind === 'new-sandbox') run.reset();
    else
      void run.send(failure.wayBack.step).then((away) => {
        if (away) window.location.assign(away);
      });
  };
  return (
    <>
      <header className="sh">
        <h1 className="title" tabIndex={-1} ref={heading}>
          <i>{step.number}</i>
          {step.title}
        </h1>
        <p className="lede">
          <Prose text={step.lede} />
        </p>
        <p className="side">
          <Prose text={step.margin_note} />
        </p>
      </header>
      <LinkNote step={step} />
      <Before walk={walk} />
      {track.stand_in && step.number === 1 && (
        <Suspense>
          <StandIn walk={walk} origin={origin} />
        </Suspense>
      )}
      {walk.following.on ? (
        <Suspense>
          <FollowFigure walk={walk} />
        </Suspense>
      ) : (
        <RequestFigure
          walk={walk}
          onSend={() => {
            void act();
          }}
        />
      )}
      <Action
        from={action.from}
        to={action.to}
        label={action.label}
        note={action.note}
        enabled={action.enabled}
        running={action.running}
        runningLabel={
          snapshot.running
            ? `With the ${handNames[snapshot.running.to].long.toLowerCase().replace('mcp', 'MCP')}`
            : undefined
        }
        waitsFor={action.waitsFor?.says}
        carries={action.carries.map((name) => ({ name, by: makerOf(name) }))}
        left={
          view.codeLife.state === 'alive' && action.carries.includes('code') ? (
            <CodeLeft expires={view.codeLife.expires} left={view.codeLife.left} />
          ) : undefined
        }
        onAct={() => {
          void act();
        }}
      />
      <Bring walk={walk} />
      {walk.beside !== null && (
        <Suspense>
          <Beside walk={walk} />
        </Suspense>
      )}
      {snapshot.trouble && (
        <p className="trouble-bar" role="alert">
          <Prose text={snapshot.trouble} />
        </p>
      )}
      {failure && <Failure failure={failure} onBack={back} />}
      <Late by={1} now={now}>
        {shown.length > 0 && (
          <Suspense>
            <ExchangeFigure
              number={own ? `Fig. ${step.number}.2` : `Fig. ${numberBefore(walk)}.2`}
              anchor={own ? `fig-${step.number}.2` : undefined}
              before={own ? '' : 'The exchange before:'}
              exchanges={shown}
              track={track}
              current={view.bag}
              glosses={glosses}
              wrong={failure !== null}
              snippet={snippet}
            />
          </Suspense>
        )}
        <Came
          exchanges={own ? view.exchanges.map((one) => one.entry.key).join() : ''}
          awake={snapshot.awake}
          asked={snapshot.arrived || walk.acted.current}
        />
      </Late>
      {own && !walk.following.on && (
        <Late by={2} now={now}>
          <Suspense>
            <Revisions walk={walk} origin={origin} />
          </Suspense>
        </Late>
      )}
      {showsToken(walk) && (
        <Late by={2} now={now}>
          <Suspense>
            <TokenFigure walk={walk} />
          </Suspense>
        </Late>
      )}
      <Late by={3} now={now}>
        {view.experiments.length > 0 && (
          <Experiments
            experiments={view.experiments}
            open={open}
            onOpen={setOpen}
            busy={busy}
            bag={view.bag}
            waits={null}
            onGuess={(id, option) => run.guess(id, option)}
            onRun={(id) => {
              void run.experiment(id);
            }}
            drawOutcome={(one) => (
              <Suspense>
                <Outcome view={one} walk={walk} />
              </Suspense>
            )}
          />
        )}
        {Object.values(snapshot.state.experiments).some((record) => record?.outcome) && (
          <Suspense>
            <Tally walk={walk} />
          </Suspense>
        )}
        <MadeBy walk={walk} narrow />
        <StepNav walk={walk} />
      </Late>
      <p className="vh" role="status">
        {snapshot.awake ? statusWords(walk) : ''}
      </p>
    </>
  );
}

/** Whether this step has just brought an access token. */
function showsToken({ view }: WalkHandle): boolean {
  return view.bag.jwks_uri !== undefined && view.exchanges.some((one) => one.entry.made.access_token !== undefined);
}

function CodeLeft({ expires, left }: { readonly expires: number | null; readonly left: number | null }) {
  const seconds = expires === null ? left : Math.max(0, Math.ceil((expires - Date.now()) / 1000));
  return (
    <span className="as">
      <b className="hand num">{seconds} s</b> left
    </span>
  );
}

function glossesOf({ view }: WalkHandle, track: Track): Readonly<Record<string, Pick<LineNote, 'text' | 'clause'>>> {
  const parameters = (view.exchanges.length > 0 ? view.requests : []).flatMap((request) => request.parameters);
  const said = Object.values(track.values).map((value) => [value.name, { text: value.says }] as const);
  return Object.fromEntries([
    ...said,
    ...parameters.map(
      ({ parameter }) =>
        [parameter.name, { text: parameter.meaning, clause: track.clauses[parameter.clause] }] as const,
    ),
  ]);
}

function numberBefore({ view }: WalkHandle): number {
  const before = view.before?.entry.step;
  return view.steps.find((one) => one.id === before)?.number ?? Math.max(1, view.step.number - 1);
}

function statusWords({ view, snapshot }: WalkHandle): string {
  if (snapshot.running) return `${view.action.label}: under way`;
  const here = view.steps.find((one) => one.id === view.step.id);
  return here ? `Step ${here.number}, ${here.status}: ${here.line.map((span) => span.text).join('')}` : '';
}
