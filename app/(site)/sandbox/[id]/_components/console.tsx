'use client';

import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Connect } from '#components/controls/connect.tsx';
import { useFaults } from '#components/controls/use-faults.ts';
import { useArriving } from '#components/ui/use-arriving.ts';
import { LitValues } from '#components/values/lit.tsx';
import { browserStorage, keepScenarioRun } from '#lib/guide/storage.ts';
import { createLive } from '#lib/live/live.ts';
import { scenarioRunOf } from '#lib/live/report.ts';
import { isFiltering } from '#lib/live/rows.ts';
import type { EndpointNote, SandboxInfo } from '#lib/live/types.ts';
import type { SandboxPage } from '#lib/server/views/sandbox.ts';
import { Bar } from './bar.tsx';
import { Closed, Empty, Gone } from './closed.tsx';
import { type Face, Faces, Gist } from './faces.tsx';
import { Lead } from './lead.tsx';
import { marksOf, pointersOf } from './pointers.ts';
import type { Part } from './parts.ts';
import { statusWords } from './status-words.ts';
import { useAccess } from './use-access.ts';
import { useAddress } from './use-address.ts';
import { useChoice } from './use-choice.ts';
import { useJson } from './use-json.ts';
import { useReport } from './use-report.ts';
import '#components/controls/controls.css';

// What is not needed to say that nothing has arrived yet is loaded when it is.
const Tray = lazy(() => import('./tray.tsx'));
const ReportBand = lazy(() => import('./report-band.tsx').then((file) => ({ default: file.ReportBand })));
const ReportColumn = lazy(() =>
  import('#components/report/column.tsx').then((file) => ({ default: file.ReportColumn })),
);
const LedgerColumn = lazy(() => import('./ledger-column.tsx').then((file) => ({ default: file.LedgerColumn })));
const ExchangePane = lazy(() => import('./exchange-pane.tsx').then((file) => ({ default: file.ExchangePane })));
const noNotes: readonly EndpointNote[] = [];

interface ConsoleProps {
  readonly page: SandboxPage;
  /** Endpoints at which a fault may act. */
  readonly endpoints: readonly string[];
}

/** The page of a sandbox: what can be turned, who connects, the report, and what arrives. */
export function Console({ page, endpoints }: ConsoleProps) {
  const { access, control, info, setInfo, refreshInfo, show } = useAccess(page.id);
  const token = access.is === 'open' || access.is === 'shared' ? access.token : undefined;
  const live = useMemo(
    () => createLive({ address: `/api/sandboxes/${page.id}`, token: token ?? null }),
    [page.id, token],
  );
  const snapshot = useArriving(live);
  useEffect(() => (token === undefined ? undefined : live.start()), [live, token]);

  const open = access.is === 'open';
  const shared = access.is === 'shared';
  const closed = access.is === 'closed' || (shared && snapshot.status === 'refused');
  const latest = snapshot.entries.at(-1)?.seq ?? 0;
  const [rule, setRule] = useState<string | null>(null);
  const resting = closed || snapshot.status === 'resting';
  const { report, awaited, onClient, close } = useReport(resting ? null : control, latest, rule !== null);
  const judging = snapshot.exchanges.length > 0 && (report !== null || awaited);
  // The page of the scenario shows the reader's last run of it.
  useEffect(() => {
    const run = open && report ? scenarioRunOf(report, `/sandbox/${page.id}`) : null;
    if (run) keepScenarioRun(browserStorage(), run);
  }, [open, report, page.id]);
  const notes = useJson<readonly EndpointNote[]>(latest === 0 ? null : '/sandbox/notes.json') ?? noNotes;

  const choice = useChoice(snapshot);
  const { selected, exchange, flow, names, select, restart } = choice;
  const [part, setPart] = useState<Part | null>(null);
  const [face, setFace] = useState<Face>('exchanges');
  const heading = useRef<HTMLHeadingElement>(null);
  const columns = useRef<HTMLElement>(null);

  const { name } = useAddress((place) => {
    if (place.rule !== null) setRule(place.rule);
    if (place.exchange !== null) {
      select(place.exchange);
      setFace('exchange');
    } else if (place.rule !== null) setFace('report');
  });
  const pick = useCallback(
    (seq: number) => {
      select(seq);
      setFace('exchange');
      name(`exchange-${seq}`);
    },
    [select, name],
  );
  // On a narrow screen the evidence that was pressed is hidden by what it leads to: the focus goes along.
  useEffect(() => {
    if (face === 'exchange' && document.activeElement?.checkVisibility() === false) heading.current?.focus();
  }, [face]);
  const openRule = useCallback(
    (next: string | null) => {
      setRule(next);
      setFace('report');
      name(next === null ? null : `rule-${next}`);
    },
    [name],
  );
  // The first failure opens by itself, once.
  const opened = useRef(false);
  const failed = report?.verdicts.find(({ verdict }) => verdict === 'fail')?.rule ?? null;
  useEffect(() => {
    if (failed === null || opened.current) return;
    opened.current = true;
    setRule((before) => before ?? failed);
  }, [failed]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [role=menu], [role=dialog]')
      )
        return;
      if (event.ctrlKey || event.metaKey || event.altKey || !report) return;
      const by = { j: 1, k: -1 }[event.key];
      if (by === undefined) return;
      const findings = report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
      const at = findings.findIndex((one) => one.rule === rule);
      const next = findings[(at + by + findings.length) % findings.length];
      if (next) openRule(next.rule);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [report, rule, openRule]);

  const acted = snapshot.exchanges.findLast((one) => one.acted.some((by) => by.kind === 'fault'))?.seq ?? 0;
  const changed = snapshot.entries.findLast((one) => 'kind' in one)?.seq ?? 0;
  const { faults, refresh: refreshFaults } = useFaults(open ? control : null, `${acted} ${changed}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change in the ledger is a reason to ask again
  useEffect(() => {
    if (changed > 0) refreshInfo();
  }, [changed]);
  const verdict = report?.verdicts.find((one) => one.rule === rule) ?? null;
  const pointers = useMemo(() => pointersOf(verdict, selected), [verdict, selected]);
  const marks = useMemo(() => marksOf(report), [report]);
  const last = snapshot.exchanges.findLast((one) => one.from === 'client' && one.client.name !== null);
  const connected = useMemo(() => (last ? { name: last.client.name ?? '', at: last.at } : null), [last]);
  const openPart = useCallback((next: Part | null) => {
    setPart(next);
    setFace('controls');
  }, []);
  const onReset = useCallback(() => {
    restart();
    setRule(null);
    opened.current = false;
    refreshInfo();
    void refreshFaults();
  }, [restart, refreshInfo, refreshFaults]);
  const toList = useCallback(() => setFace('exchanges'), []);
  const start = useCallback(
    (scenario: string) => {
      void control?.call<SandboxInfo>('PATCH', '', { scenario }).then(setInfo, () => setPart('scenario'));
    },
    [control, setInfo],
  );

  const waiting = access.is === 'reading' || snapshot.status === 'connecting';
  if (access.is === 'gone' || snapshot.status === 'gone') return <Gone id={page.id} ttl={page.ttl} />;
  return (
    <div className="sbx" data-face={face}>
      <LitValues />
      <Bar
        id={page.id}
        info={info}
        control={closed ? null : control}
        armed={faults.filter((fault) => fault.times === 'always' || fault.acted < fault.times).length}
        acted={faults.filter((fault) => fault.acted > 0).length}
        revealed={snapshot.revealed}
        shared={shared}
        part={part}
        onPart={openPart}
        onInfo={refreshInfo}
        onReset={onReset}
      />
      {part && open && control && info && (
        <Suspense fallback={<div className="tray" />}>
          <Tray
            part={part}
            control={control}
            info={info}
            setInfo={setInfo}
            refreshInfo={refreshInfo}
            faults={faults}
            refreshFaults={refreshFaults}
            endpoints={endpoints}
            exchanges={snapshot.exchanges}
            onSelect={pick}
            onClose={() => setPart(null)}
          />
        </Suspense>
      )}
      <Connect
        base={page.base}
        mcp={page.mcp}
        connections={page.connections}
        loopback={page.loopback}
        connected={connected}
        seen={closed || waiting ? null : snapshot.exchanges.length > 0}
      />
      {closed ? (
        <Closed shared={shared} says={access.is === 'closed' ? access.says : null} onToken={show} />
      ) : (
        <>
          {!report && judging && <div className="rband-place" aria-hidden="true" />}
          {report && (
            <Suspense fallback={<div className="rband-place" aria-hidden="true" />}>
              <ReportBand
                report={report}
                open={rule}
                onOpen={openRule}
                onClient={onClient}
                control={open ? control : null}
                onClose={close}
              />
            </Suspense>
          )}
          <main className={`cols${judging ? '' : ' watching'}`} id="main" ref={columns}>
            {snapshot.entries.length === 0 ? (
              <section className="led" aria-labelledby="led-h">
                <div className="figh">
                  <h2 id="led-h">Exchanges</h2>
                  <span className="cap">{statusWords(snapshot.status, 0, false, 0)}</span>
                </div>
              </section>
            ) : (
              <Suspense fallback={<section className="led" />}>
                <LedgerColumn
                  snapshot={snapshot}
                  choice={choice}
                  report={report}
                  marks={marks}
                  onSelect={pick}
                  onOpen={() => heading.current?.focus()}
                  onRule={openRule}
                  gist={report && <Gist report={report} onOpen={() => setFace('report')} />}
                />
              </Suspense>
            )}
            <div className="mid">
              {exchange ? (
                <Suspense>
                  <ExchangePane
                    exchange={exchange}
                    exchanges={snapshot.exchanges}
                    flow={flow}
                    notes={notes}
                    names={names}
                    revealed={snapshot.revealed}
                    onReveal={open ? live.reveal : null}
                    heading={heading}
                    pointers={pointers}
                    issuer={page.base}
                    offset={(info?.clock.offset ?? 0) * 1000}
                    onBack={toList}
                  />
                </Suspense>
              ) : (
                <Empty
                  waiting={waiting}
                  filtered={snapshot.exchanges.length > 0 && isFiltering(choice.filter)}
                  mcp={page.mcp}
                />
              )}
            </div>
            {report && judging && (
              <section className="rep" aria-label="Verdicts">
                <Suspense>
                  <ReportColumn
                    report={report}
                    open={rule}
                    selected={selected}
                    onOpen={openRule}
                    onEvidence={pick}
                    onStart={open ? start : null}
                  />
                </Suspense>
              </section>
            )}
            <Lead box={columns} of={pointers.length > 0 ? `${rule} ${selected}` : null} />
          </main>
          <Faces face={face} onFace={setFace} count={snapshot.exchanges.length} controls={open} report={report} />
        </>
      )}
    </div>
  );
}
