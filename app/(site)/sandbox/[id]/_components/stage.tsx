'use client';

import { useId } from 'react';
import { Behaviour } from '#components/controls/behaviour.tsx';
import { Clock } from '#components/controls/clock.tsx';
import { Faults } from '#components/controls/faults.tsx';
import { Tokens } from '#components/controls/tokens.tsx';
import { Users } from '#components/controls/users.tsx';
import { Tabs } from '#components/values/tabs.tsx';
import type { Control } from '#lib/client/control.ts';
import type { FaultInfo, SandboxInfo } from '#lib/live/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { KnobView } from '#lib/config/describe.ts';

export type Part = 'tokens' | 'behaviour' | 'faults' | 'clock' | 'users';
const parts: readonly { readonly id: Part; readonly label: string }[] = [
  { id: 'tokens', label: 'Tokens' },
  { id: 'faults', label: 'Faults' },
  { id: 'behaviour', label: 'Behaviour' },
  { id: 'clock', label: 'Clock' },
  { id: 'users', label: 'Users' },
];

interface StageProps {
  readonly part: Part;
  readonly onPart: (part: Part) => void;
  readonly control: Control;
  readonly info: SandboxInfo;
  readonly setInfo: (info: SandboxInfo) => void;
  readonly refreshInfo: () => void;
  readonly knobs: readonly KnobView[];
  readonly faults: readonly FaultInfo[];
  readonly refreshFaults: () => Promise<void>;
  readonly endpoints: readonly string[];
  readonly exchanges: readonly Exchange[];
  readonly onSelect: (seq: number) => void;
}

/** Hands on the sandbox: what was granted, and everything that can be set. */
export function Stage({
  part,
  onPart,
  control,
  info,
  setInfo,
  refreshInfo,
  knobs,
  faults,
  refreshFaults,
  endpoints,
  exchanges,
  onSelect,
}: StageProps) {
  const id = useId();
  const people =
    exchanges.findLast((exchange) => ['authorize', 'consent', 'activate'].includes(exchange.endpoint))?.seq ?? 0;
  return (
    <section className="stage" aria-labelledby={`${id}-h`} id="stage">
      <div className="figh">
        <h2 id={`${id}-h`}>Controls</h2>
        <Tabs label="Controls of the sandbox" tabs={parts} value={part} onChange={onPart} panel={`${id}-p`} />
      </div>
      <div id={`${id}-p`} role="tabpanel" aria-label={parts.find((one) => one.id === part)?.label}>
        {part === 'tokens' && (
          <Tokens control={control} info={info} exchanges={exchanges} onSelect={onSelect} onInfo={setInfo} />
        )}
        {part === 'behaviour' && <Behaviour knobs={knobs} info={info} control={control} onChange={setInfo} />}
        {part === 'faults' && (
          <Faults control={control} faults={faults} endpoints={endpoints} onChange={refreshFaults} />
        )}
        {part === 'clock' && <Clock info={info} control={control} onChange={refreshInfo} />}
        {part === 'users' && <Users control={control} changes={people} />}
      </div>
    </section>
  );
}
