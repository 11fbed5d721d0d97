'use client';

import { useState } from 'react';
import { type PlanResult, readRun, resultOf } from '#lib/live/compare.ts';

interface BesideProps {
  readonly now: PlanResult;
  readonly kept: readonly PlanResult[];
  readonly beside: PlanResult | null;
  readonly onBeside: (result: PlanResult | null) => void;
  readonly onSwap?: (() => void) | undefined;
}

export const when = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** With which other run this one is compared: one that this browser kept, or a file of `authwalk check`. */
export function Beside({ now, kept, beside, onBeside, onSwap }: BesideProps) {
  const [wrong, setWrong] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    setWrong(null);
    try {
      const run = readRun(JSON.parse(await file.text()));
      if (run) onBeside('report' in run ? resultOf(run.report, file.name) : run.result);
      else setWrong(`${file.name} holds no report.`);
    } catch {
      setWrong(`${file.name} is not JSON.`);
    }
  };
  return (
    <div className="matrix-beside ui">
      <p>
        This run <b>{when(now.at)}</b>
      </p>
      <label>
        Beside{' '}
        <select
          value={beside?.plan ?? ''}
          onChange={(event) => onBeside(kept.find((one) => one.plan === event.target.value) ?? null)}
        >
          <option value="">nothing</option>
          {kept.map((one) => (
            <option key={one.plan} value={one.plan}>
              {one.client}, {when(one.at)}
            </option>
          ))}
          {beside && !kept.includes(beside) && <option value={beside.plan}>{beside.plan}</option>}
        </select>
      </label>
      <label className="file">
        or a report in JSON{' '}
        <input
          type="file"
          accept="application/json,.json"
          onChange={(event) => {
            void read(event.target.files?.[0]);
          }}
        />
      </label>
      {onSwap && (
        <button type="button" className="link" onClick={onSwap}>
          Swap the two
        </button>
      )}
      <p className={wrong ? 'trouble' : 'vh'} role="alert">
        {wrong}
      </p>
    </div>
  );
}
