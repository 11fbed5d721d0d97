'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Control, createControl } from '#lib/client/control.ts';
import { ApiError } from '#lib/client/request.ts';
import { browserStorage, keepPlanToken, keepScenarioRun, readPlanToken } from '#lib/guide/storage.ts';
import { openItem, type Plan } from '#lib/live/plan.ts';
import { type Report, scenarioRunOf } from '#lib/live/report.ts';
import type { SandboxInfo } from '#lib/live/types.ts';

export type PlanAccess = 'reading' | 'open' | 'closed' | 'gone';

export interface PlanHandle {
  readonly access: PlanAccess;
  readonly plan: Plan | null;
  /** Of the plan and of its sandboxes. */
  readonly token: string | null;
  readonly control: Control | null;
  /** The sandbox of the item that is open. */
  readonly sandbox: SandboxInfo | null;
  readonly refresh: () => Promise<void>;
  readonly start: (scenario: string) => Promise<void>;
  readonly finish: (scenario: string) => Promise<void>;
}

/**
 * A plan by its control token: from the fragment of the address, else as this browser keeps it. What runs is what the
 * server says, so a reload, a second tab and a plan that was begun by the API go on where it stands.
 */
export function usePlan(id: string): PlanHandle {
  const [token, setToken] = useState<string | null>(null);
  const [access, setAccess] = useState<PlanAccess>('reading');
  const [plan, setPlan] = useState<Plan | null>(null);
  const [sandbox, setSandbox] = useState<SandboxInfo | null>(null);
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
    // Another tab may have gone on meanwhile.
    const onShow = (): void => {
      if (document.visibilityState === 'visible') void refresh();
    };
    document.addEventListener('visibilitychange', onShow);
    return () => document.removeEventListener('visibilitychange', onShow);
  }, [refresh]);

  const item = openItem(plan);
  const place = item?.sandbox;
  const since = item?.started_at;
  useEffect(() => {
    if (token === null || place === undefined || since === undefined) {
      setSandbox(null);
      return;
    }
    let current = true;
    createControl(`/api/sandboxes/${place}`, token)
      .call<SandboxInfo>('GET', '')
      .then(
        (told) => current && setSandbox(told),
        () => current && setSandbox(null),
      );
    return () => {
      current = false;
    };
  }, [token, place, since]);

  const start = useCallback(
    async (scenario: string) => {
      if (!control) return;
      await control.call('POST', `/items/${scenario}/start`, {}).finally(refresh);
    },
    [control, refresh],
  );
  const finish = useCallback(
    async (scenario: string) => {
      if (!control) return;
      const report = await control.call<Report>('POST', `/items/${scenario}/finish`, {}).finally(refresh);
      const run = scenarioRunOf(report, `/plans/${id}`);
      if (run) keepScenarioRun(browserStorage(), run);
    },
    [id, control, refresh],
  );
  return { access, plan, token, control, sandbox, refresh, start, finish };
}
