'use client';

import { useId, useRef } from 'react';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (id: T) => void;
  /** Id of the panel that they change. */
  readonly panel: string;
  /** A control that stands at the end of the line: copy. */
  readonly children?: React.ReactNode;
}

/** Views of one thing, as a running line of words: arrows move and choose, as in any tab list. */
export function Tabs<T extends string>({ label, tabs, value, onChange, panel, children }: TabsProps<T>) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const move = (event: React.KeyboardEvent) => {
    const here = tabs.findIndex((tab) => tab.id === value);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    box.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next.id}`)}`)?.focus();
  };
  return (
    <div className="end tabs">
      <div className="tabs" role="tablist" aria-label={label} ref={box} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${id}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === value}
            aria-controls={panel}
            tabIndex={tab.id === value ? 0 : -1}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}
