'use client';

import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import { type BriefReport, keepSame, type Report, type RuleWords, wordsGiver } from '#lib/live/report.ts';
import { useJson } from './use-json.ts';

/** ms between two requests for the report: a verdict is on the page within a second of its exchange. */
const CALM = 800;
/** ms after the latest exchange at which silence may mean something else. */
const LATER = [8_000, 20_000, 45_000, 90_000];

export interface ReportHandle {
  readonly report: Report | null;
  /** The first answer is on its way: its place on the page is kept, so that nothing moves under the pointer. */
  readonly awaited: boolean;
  /** The client whose run is shown; null: the one that was seen last. */
  readonly client: string | null;
  readonly onClient: (id: string | null) => void;
  /** Closes the open runs, so that what did not happen counts. */
  readonly close: () => Promise<void>;
}

/**
 * The report of a sandbox, asked for again whenever something arrives.
 * @param control null: nobody may see it yet
 * @param latest number of the latest entry of the ledger
 * @param worded whether a rule is open, or about to be: then the words of the rules are asked for, once
 */
export function useReport(control: Control | null, latest: number, worded: boolean): ReportHandle {
  const [brief, setBrief] = useState<BriefReport | null>(null);
  const [refused, setRefused] = useState(false);
  const [client, setClient] = useState<string | null>(null);
  const last = useRef(0);
  const read = useCallback(
    async (final = false) => {
      if (!control) return;
      last.current = performance.now();
      const query = new URLSearchParams({ format: 'brief' });
      if (client !== null) query.set('client', client);
      if (final) query.set('final', '1');
      const told = await control.call<BriefReport>('GET', `/report?${query}`).catch(() => null);
      startTransition(() => {
        setRefused(told === null);
        if (told?.report === 1) setBrief((before) => keepSame(before, told));
      });
    },
    [control, client],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new entry is a reason to ask again
  useEffect(() => {
    if (!control) return;
    const soon = setTimeout(() => void read(), Math.max(60, last.current + CALM - performance.now()));
    const later = LATER.map((ms) => setTimeout(() => document.visibilityState === 'visible' && void read(), ms));
    return () => {
      clearTimeout(soon);
      later.forEach(clearTimeout);
    };
  }, [control, read, latest]);
  const judged = brief?.verdicts.some(({ verdict }) => verdict === 'fail' || verdict === 'warn') ?? false;
  const words = useJson<Readonly<Record<string, RuleWords>>>(worded || judged ? '/sandbox/rules.json' : null);
  const give = useMemo(() => wordsGiver(words), [words]);
  const report = useMemo(() => (brief === null ? null : give(brief)), [brief, give]);
  const awaited = control !== null && brief === null && !refused;
  const close = useCallback(() => read(true), [read]);
  return { report, awaited, client, onClient: setClient, close };
}
