'use client';

import { useEffect, useState } from 'react';
import { Snip } from '#components/controls/snip.tsx';
import { CopyButton } from '#components/values/copy.tsx';
import { browserStorage, readPlanReports } from '#lib/guide/storage.ts';
import { isPlanResult, type PlanReport, type PlanResult, readRun, resultOf } from '#lib/live/compare.ts';
import type { RailGroup } from '../../plans/[id]/_components/plan-rail.tsx';
import { Matrix } from '../../plans/[id]/report/_components/matrix.tsx';

const COMMAND = 'npx authwalk check -r json=run.json -- node ./my-client.js';

interface Run {
  readonly name: string;
  readonly report: PlanReport;
}

/** Asks for the files of one or two runs, and shows them side by side. */
export function Compare({ groups }: { readonly groups: readonly RailGroup[] }) {
  const [now, setNow] = useState<Run | null>(null);
  /** The other run, if it came as a file; only its result is known if this browser kept it. */
  const [other, setOther] = useState<Run | null>(null);
  const [beside, setBeside] = useState<PlanResult | null>(null);
  const [kept, setKept] = useState<readonly PlanResult[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => setKept(readPlanReports(browserStorage()).filter(isPlanResult)), []);

  const read = async (files: readonly File[]) => {
    setWrong(null);
    const runs: Run[] = [];
    for (const file of files.slice(0, 2)) {
      const run = await file
        .text()
        .then((text) => readRun(JSON.parse(text)))
        .catch(() => null);
      if (run === null || !('report' in run)) {
        setWrong(`${file.name} is no report in JSON. Write one with -r json=FILE.`);
        return;
      }
      runs.push({ name: file.name, report: run.report });
    }
    // The later run is looked at, and the earlier one stands beside it.
    const [last, first] = runs.sort((one, two) => two.report.generated_at.localeCompare(one.report.generated_at));
    if (last === undefined) return;
    setNow(last);
    setOther(first ?? null);
    setBeside(first ? resultOf(first.report, first.name) : null);
  };

  if (now !== null)
    return (
      <Matrix
        report={now.report}
        now={resultOf(now.report, now.name)}
        kept={kept}
        beside={beside}
        onBeside={(result) => {
          setBeside(result);
          setOther(null);
        }}
        groups={groups}
        onSwap={
          other
            ? () => {
                setNow(other);
                setOther(now);
                setBeside(resultOf(now.report, now.name));
              }
            : undefined
        }
      />
    );
  return (
    <main id="main" className="matrix compare">
      <h1 className="title">Compare two runs</h1>
      <p className="lede">
        One client before and after a change, or two clients: what got worse, what got better, and the first request in
        which they differ. The files stay in this browser.
      </p>
      <label className="compare-files ui">
        <b>One or two files of</b> <code>authwalk check</code>
        <input
          type="file"
          multiple
          accept="application/json,.json"
          onChange={(event) => {
            void read([...(event.target.files ?? [])]);
          }}
        />
      </label>
      <p className={wrong ? 'trouble' : 'vh'} role="alert">
        {wrong}
      </p>
      <section aria-labelledby="how-h">
        <header className="figh">
          <h2 id="how-h">No file yet?</h2>
        </header>
        <p className="compare-how">This command takes a client through the scenarios and writes one:</p>
        <Snip text={COMMAND} label="To paste: the command">
          <CopyButton text={() => COMMAND} label="Copy the command" />
        </Snip>
        <p className="cap">
          By hand it is a plan: <a href="/scenarios">run them all</a>. Its report stands beside the last one by itself.
        </p>
      </section>
    </main>
  );
}
