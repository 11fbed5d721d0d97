'use client';

import { useState } from 'react';
import {
  isCheckFile,
  isPlanResult,
  type PlanReport,
  type PlanResult,
  resultOf,
  resultOfCheck,
} from '#lib/live/compare.ts';

interface BesideProps {
  readonly now: PlanResult;
  readonly kept: readonly PlanResult[];
  readonly beside: PlanResult | null;
  readonly onBeside: (result: PlanResult | null) => void;
}

export const when = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** With which other run this one is compared: one that this browser kept, or a file of `authwalk check`. */
export function Beside({ now, kept, beside, onBeside }: BesideProps) {
  const [wrong, setWrong] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    setWrong(null);
    try {
      const told = JSON.parse(await file.text()) as unknown;
      const result = isPlanResult(told)
        ? told
        : isCheckFile(told)
          ? resultOfCheck(told, file.name)
          : (told as PlanReport).report === 1
            ? resultOf(told as PlanReport, file.name)
            : null;
      if (result) onBeside(result);
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
      <p className={wrong ? 'trouble' : 'vh'} role="alert">
        {wrong}
      </p>
    </div>
  );
}
