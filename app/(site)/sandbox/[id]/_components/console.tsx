'use client';

import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Connect } from '#components/controls/connect.tsx';
import { useFaults } from '#components/controls/faults.tsx';
import { Filters } from '#components/ledger/filters.tsx';
import { Ledger } from '#components/ledger/ledger.tsx';
import { Quiet } from '#components/ledger/quiet.tsx';
import { LitValues } from '#components/values/lit.tsx';
import { flowsOf } from '#lib/exchange/flows.ts';
import { createLive, type LiveStatus } from '#lib/live/live.ts';
import { clientName, clientNames } from '#lib/exchange/sender.ts';
import { everything, type Filter, isFiltering, passes } from '#lib/live/rows.ts';
import type { EndpointNote, SilencePoint } from '#lib/live/types.ts';
import type { KnobView } from '#lib/config/describe.ts';
import type { SandboxPage } from '#lib/server/views/sandbox.ts';
import { Announce } from './announce.tsx';
import { Bar } from './bar.tsx';
import { Closed, Empty, Gone } from './closed.tsx';
import { ExchangePane } from './exchange-pane.tsx';
import { type Part, Stage } from './stage.tsx';
import { useAccess } from './use-access.ts';
import '#components/controls/controls.css';

interface ConsoleProps {
  readonly page: SandboxPage;
  readonly knobs: readonly KnobView[];
  readonly silence: readonly SilencePoint[];
  readonly notes: readonly EndpointNote[];
  readonly endpoints: readonly string[];
}

/** The page of a sandbox. */
export function Console({ page, knobs, silence, notes, endpoints }: ConsoleProps) {
  const handle = useAccess(page.id);
  const { access, control, info, setInfo, refreshInfo, show } = handle;
  const token = access.is === 'open' || access.is === 'shared' ? access.token : undefined;
  const live = useMemo(
    () => createLive({ address: `/api/sandboxes/${page.id}`, token: token ?? null }),
    [page.id, token],
  );
  const snapshot = useSyncExternalStore(live.subscribe, live.snapshot, live.snapshot);
  useEffect(() => (token === undefined ? undefined : live.start()), [live, token]);

  const [since] = useState(() => Date.now());
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [following, setFollowing] = useState(true);
  const [grouped, setGrouped] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const [filter, setFilter] = useState<Filter>(everything);
  const [chosen, setChosen] = useState<number | null>(null);
  const [part, setPart] = useState<Part>('tokens');
  const heading = useRef<HTMLHeadingElement>(null);

  const all = useMemo(
    () => (pausedAt === null ? snapshot.exchanges : snapshot.exchanges.filter((exchange) => exchange.seq <= pausedAt)),
    [snapshot.exchanges, pausedAt],
  );
  const slow = useDeferredValue(all);
  const names = useMemo(() => clientNames(slow), [slow]);
  const listed = useMemo(
    () => (isFiltering(filter) ? all.filter((exchange) => passes(exchange, filter, names)) : all),
    [all, filter, names],
  );
  const flows = useMemo(() => flowsOf(slow), [slow]);
  const newest = useCalm(listed.at(-1)?.seq ?? null);
  const selected = following ? newest : (chosen ?? newest);
  const selectedSoon = useDeferredValue(selected);
  const exchange = slow.find((one) => one.seq === selectedSoon);
  const flow = flows.find((one) => exchange !== undefined && one.exchanges.includes(exchange));
  const open = access.is === 'open';
  const acted = snapshot.exchanges.findLast((one) => one.acted.some((by) => by.kind === 'fault'))?.seq ?? 0;
  const { faults, refresh: refreshFaults } = useFaults(open ? control : null, acted);
  const waiting =
    snapshot.exchanges.length > 0 && pausedAt !== null
      ? snapshot.exchanges.filter((one) => one.seq > pausedAt).length
      : 0;
  const endpointsSeen = useMemo(() => [...new Set(slow.map((one) => one.endpoint))].sort(), [slow]);
  const clientsSeen = useMemo(
    () => [...new Set(slow.map((one) => clientName(one, names)).filter((name) => name !== null))].sort(),
    [slow, names],
  );
  const connected = all.findLast((one) => one.from === 'client' && one.client.name !== null)?.client.name ?? null;

  const select = useCallback((seq: number) => {
    setFollowing(false);
    setChosen(seq);
  }, []);
  const openPart = useCallback((next: Part) => {
    setPart(next);
    requestAnimationFrame(() => {
      const stage = document.getElementById('stage');
      stage?.scrollIntoView({ block: 'nearest' });
      stage?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus({ preventScroll: true });
    });
  }, []);

  if (access.is === 'gone' || snapshot.status === 'gone') return <Gone id={page.id} />;
  const closed = access.is === 'closed' || (access.is === 'shared' && snapshot.status === 'refused');
  return (
    <div className="sbx">
      <LitValues />
      <Bar
        id={page.id}
        info={info}
        control={closed ? null : control}
        faults={faults.filter((fault) => fault.times === 'always' || fault.acted < fault.times).length}
        revealed={snapshot.revealed}
        shared={access.is === 'shared'}
        onPart={openPart}
        onInfo={refreshInfo}
        onReset={() => {
          setChosen(null);
          setFollowing(true);
          setPausedAt(null);
          refreshInfo();
          void refreshFaults();
        }}
      />
      <Connect
        base={page.base}
        mcp={page.mcp}
        connections={page.connections}
        loopback={page.loopback}
        connected={connected}
      />
      {closed ? (
        <Closed shared={access.is === 'shared'} says={access.is === 'closed' ? access.says : null} onToken={show} />
      ) : (
        <main className={`cols${open ? '' : ' watching'}`} id="main">
          <section className="led" aria-labelledby="led-h">
            <div className="figh">
              <h2 id="led-h">Exchanges</h2>
              <span className="cap">{statusWords(snapshot.status, all.length, pausedAt !== null, waiting)}</span>
              <div className="end toggles ui">
                <button
                  type="button"
                  aria-pressed={following}
                  onClick={() => {
                    setFollowing(!following);
                    if (!following) setPausedAt(null);
                    else setChosen(selected);
                  }}
                >
                  Follow
                </button>
                <button
                  type="button"
                  aria-pressed={pausedAt !== null}
                  onClick={() => setPausedAt(pausedAt === null ? (snapshot.exchanges.at(-1)?.seq ?? 0) : null)}
                >
                  {pausedAt === null ? 'Pause' : 'Go on'}
                </button>
                <button type="button" aria-pressed={grouped} onClick={() => setGrouped(!grouped)}>
                  By flow
                </button>
                <button
                  type="button"
                  aria-pressed={filtering}
                  onClick={() => {
                    if (filtering) setFilter(everything);
                    setFiltering(!filtering);
                  }}
                >
                  Filter
                </button>
              </div>
            </div>
            {filtering && (
              <Filters
                filter={filter}
                endpoints={endpointsSeen}
                clients={clientsSeen}
                shown={listed.length}
                of={all.length}
                onChange={setFilter}
              />
            )}
            <Ledger
              exchanges={listed}
              flows={grouped ? flows : null}
              selected={selected}
              first={snapshot.first}
              following={following}
              onSelect={select}
              onOpen={() => heading.current?.focus()}
            />
            {snapshot.status !== 'resting' && snapshot.status !== 'connecting' && pausedAt === null && (
              <Quiet points={silence} exchanges={snapshot.exchanges} since={since} onSelect={select} />
            )}
            <Announce exchanges={all} first={snapshot.first} />
          </section>
          <div className="mid">
            {exchange ? (
              <ExchangePane
                exchange={exchange}
                exchanges={slow}
                flow={flow}
                notes={notes}
                names={names}
                revealed={snapshot.revealed}
                onReveal={open ? live.reveal : null}
                heading={heading}
              />
            ) : (
              <Empty
                waiting={access.is === 'reading' || snapshot.status === 'connecting'}
                filtered={all.length > 0}
                mcp={page.mcp}
              />
            )}
          </div>
          {open && control && info && (
            <StillStage
              part={part}
              onPart={setPart}
              control={control}
              info={info}
              setInfo={setInfo}
              refreshInfo={refreshInfo}
              knobs={knobs}
              faults={faults}
              refreshFaults={refreshFaults}
              endpoints={endpoints}
              exchanges={slow}
              onSelect={select}
            />
          )}
        </main>
      )}
    </div>
  );
}

const StillStage = memo(Stage);

/** ms between two exchanges that are opened by themselves: nobody reads ten a second. */
const CALM = 900;

/** A value that changes at once after a lull, and no more often than one can look. */
function useCalm(value: number | null): number | null {
  const [calm, setCalm] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + CALM - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setCalm(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value]);
  return calm;
}

function statusWords(status: LiveStatus, count: number, paused: boolean, waiting: number): string {
  if (paused) return `paused${waiting > 0 ? `, ${waiting} more since` : ''}`;
  if (status === 'cut') return 'the stream is cut, trying again';
  if (status === 'live') return count === 0 ? 'live' : `live, ${count} so far`;
  return 'connecting';
}
