'use client';

import { useCallback, useEffect, useRef } from 'react';
import { Behaviour } from '#components/controls/behaviour.tsx';
import { Clock } from '#components/controls/clock.tsx';
import { Faults } from '#components/controls/faults.tsx';
import { Scenario } from '#components/controls/scenario.tsx';
import { Tokens } from '#components/controls/tokens.tsx';
import { Users } from '#components/controls/users.tsx';
import type { Control } from '#lib/client/control.ts';
import type { KnobView } from '#lib/config/describe.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { FaultInfo, SandboxInfo } from '#lib/live/types.ts';
import { type Part, parts } from './parts.ts';
import { useJson } from './use-json.ts';

export interface TrayProps {
  readonly part: Part;
  readonly control: Control;
  readonly info: SandboxInfo;
  readonly setInfo: (info: SandboxInfo) => void;
  readonly refreshInfo: () => void;
  readonly faults: readonly FaultInfo[];
  readonly refreshFaults: () => Promise<void>;
  readonly endpoints: readonly string[];
  readonly exchanges: readonly Exchange[];
  readonly onSelect: (seq: number) => void;
  readonly onClose: () => void;
}

/** What can be turned, at full width below the bar. Escape closes it. */
export default function Tray({ part, onClose, ...props }: TrayProps) {
  const box = useRef<HTMLElement>(null);
  const { control, info, setInfo, refreshInfo, exchanges } = props;
  const knobs = useJson<readonly KnobView[]>(part === 'behaviour' ? '/sandbox/knobs.json' : null);
  const people =
    exchanges.findLast((exchange) => ['authorize', 'consent', 'activate'].includes(exchange.endpoint))?.seq ?? 0;
  const close = useCallback(() => {
    // The focus goes back to what opened the tray, unless the reader is elsewhere on the page.
    const { activeElement } = document;
    if (activeElement === document.body || box.current?.contains(activeElement))
      document.querySelector<HTMLElement>('[aria-controls="tray"][aria-expanded="true"]')?.focus();
    onClose();
  }, [onClose]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [close]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each part that opens takes the focus once
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: globalThis.innerWidth > 860 });
  }, [part]);
  const label = parts.find(({ id }) => id === part)?.label;
  return (
    <section className="tray" id="tray" aria-labelledby="tray-h" ref={box}>
      <header>
        <h2 id="tray-h" tabIndex={-1}>
          {label}
        </h2>
        <button type="button" className="link" onClick={close}>
          Close <kbd className="tiny">Esc</kbd>
        </button>
      </header>
      {part === 'scenario' && <Scenario control={control} info={info} onChange={setInfo} />}
      {part === 'clock' && <Clock info={info} control={control} onChange={refreshInfo} />}
      {part === 'faults' && (
        <Faults control={control} faults={props.faults} endpoints={props.endpoints} onChange={props.refreshFaults} />
      )}
      {part === 'behaviour' &&
        (knobs ? (
          <Behaviour knobs={knobs} info={info} control={control} onChange={setInfo} />
        ) : (
          <p className="say">Reading the knobs.</p>
        ))}
      {part === 'users' && <Users control={control} changes={people} />}
      {part === 'tokens' && (
        <Tokens control={control} info={info} exchanges={exchanges} onSelect={props.onSelect} onInfo={setInfo} />
      )}
    </section>
  );
}
