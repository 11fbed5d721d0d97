'use client';

import { useEffect, useMemo, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import type { ScenarioEntry } from '#lib/live/scenarios.ts';
import { searchScenarios } from '#lib/live/scenarios.ts';
import type { SandboxInfo } from '#lib/live/types.ts';
import { Prose } from '../values/prose.tsx';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

interface ScenarioProps {
  readonly control: Control;
  readonly info: SandboxInfo;
  readonly onChange: (info: SandboxInfo) => void;
}

/** As many as are listed before somebody searches further. */
const LISTED = 24;

/** A named set of behaviours for this sandbox; it acts from the next request on. */
export function Scenario({ control, info, onChange }: ScenarioProps) {
  const { busy, trouble, run } = useTask();
  const [all, setAll] = useState<readonly ScenarioEntry[] | null>(null);
  const [sought, setSought] = useState('');
  useEffect(() => {
    let alive = true;
    fetch('/scenarios/index.json')
      .then((answer) => answer.json())
      .then((list) => alive && setAll(list as ScenarioEntry[]))
      .catch(() => undefined);
    return () => {
      alive = false;
    };
  }, []);
  const found = useMemo(() => searchScenarios(all ?? [], sought), [all, sought]);
  const put = (scenario: string | null) =>
    run(async () => onChange(await control.call<SandboxInfo>('PATCH', '', { scenario })));
  return (
    <div className="stage-part">
      <p className="say">
        {info.scenario === null ? (
          'No scenario: the server follows the specifications, apart from what you change yourself.'
        ) : (
          <>
            This sandbox behaves as <a href={`/scenarios/${info.scenario}`}>{info.scenario}</a> says.{' '}
            <button type="button" className="link" disabled={busy} onClick={() => void put(null)}>
              End the scenario
            </button>
          </>
        )}
      </p>
      <label className="seek ui">
        <span className="vh">Find a scenario</span>
        <input
          type="search"
          value={sought}
          placeholder="What should go wrong? expired, 403, wrong issuer, Entra…"
          onChange={(event) => setSought(event.target.value)}
        />
      </label>
      <ul className="scenario-list">
        {found.slice(0, LISTED).map((one) => (
          <li key={one.id} aria-current={one.id === info.scenario || undefined}>
            <span>
              <a href={`/scenarios/${one.id}`}>
                <Prose text={one.title} />
              </a>{' '}
              <code className="tiny dim">{one.id}</code>
            </span>
            {one.here ? (
              <button
                type="button"
                className="link"
                disabled={busy || one.id === info.scenario}
                onClick={() => void put(one.id)}
              >
                {one.id === info.scenario ? 'in force' : 'Start'}
                <span className="vh"> {one.id}</span>
              </button>
            ) : (
              <span className="tiny dim">needs its own origin</span>
            )}
          </li>
        ))}
      </ul>
      {all && found.length === 0 && <p className="say">Nothing behaves like that. A fault can: open Faults.</p>}
      {found.length > LISTED && <p className="tiny dim">{found.length - LISTED} more: search, or see all scenarios.</p>}
      <Trouble says={trouble} />
    </div>
  );
}
