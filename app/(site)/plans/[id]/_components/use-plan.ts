'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Control, createControl } from '#lib/client/control.ts';
import { ApiError } from '#lib/client/request.ts';
import { browserStorage, keepPlanToken, keepScenarioRun, readPlanToken } from '#lib/guide/storage.ts';
import type { Plan, Started } from '#lib/live/plan.ts';
import { type Report, scenarioRunOf } from '#lib/live/report.ts';

export type PlanAccess = 'reading' | 'open' | 'closed' | 'gone';

export interface PlanHandle {
  readonly access: PlanAccess;
  readonly plan: Plan | null;
  readonly control: Control | null;
  /** The item that runs, with the sandbox that it runs in. */
  readonly started: (Started & { readonly scenario: string; readonly at: number }) | null;
  readonly refresh: () => Promise<void>;
  readonly start: (scenario: string) => Promise<void>;
  readonly finish: (scenario: string) => Promise<void>;
}

/** A plan by its control token: from the fragment of the address, else as this browser keeps it. */
export function usePlan(id: string): PlanHandle {
  const [token, setToken] = useState<string | null>(null);
  const [access, setAccess] = useState<PlanAccess>('reading');
  const [plan, setPlan] = useState<Plan | null>(null);
  const [started, setStarted] = useState<PlanHandle['started']>(null);
  const control = useMemo(() => (token === null ? null : createControl(`/api/plans/${id}`, token)), [id, token]);

  useEffect(() => {
    const given = new URLSearchParams(window.location.hash.slice(1)).get('control');
    const kept = readPlanToken(browserStorage(), id);
    if (given !== null) {
      keepPlanToken(browserStorage(), id, given);
      window.history.replaceState(null, '', window.location.pathname);
    }
    if (given === null && kept === null) setAccess('closed');
    setToken(given ?? kept);
  }, [id]);
  const refresh = useCallback(async () => {
    if (!control) return;
    try {
      setPlan(await control.call<Plan>('GET', ''));
      setAccess('open');
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 401))
        setAccess(error.status === 404 ? 'gone' : 'closed');
    }
  }, [control]);
  useEffect(() => {
    void refresh();
  }, [refresh]);
  const start = useCallback(
    async (scenario: string) => {
      if (!control) return;
      const made = await control.call<Started>('POST', `/items/${scenario}/start`, {});
      setStarted({ ...made, scenario, at: Date.now() });
      await refresh();
    },
    [control, refresh],
  );
  const finish = useCallback(
    async (scenario: string) => {
      if (!control) return;
      const report = await control.call<Report>('POST', `/items/${scenario}/finish`, {});
      const run = scenarioRunOf(report, `/plans/${id}`);
      if (run) keepScenarioRun(browserStorage(), run);
      setStarted(null);
      await refresh();
    },
    [id, control, refresh],
  );
  return { access, plan, control, started, refresh, start, finish };
}
