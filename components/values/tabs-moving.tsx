'use client';

import { Tabs as Base } from '@base-ui/react/tabs';
import { useEffect, useRef } from 'react';
import type { TabsProps } from './tabs-props.ts';

interface MovingProps extends TabsProps<string> {
  /** Whether what these tabs take the place of has the focus. */
  readonly hasFocus: React.RefObject<boolean>;
}

/** Tabs by Base UI. */
export default function MovingTabs({ label, tabs, value, onChange, panel, children, hasFocus }: MovingProps) {
  const list = useRef<HTMLDivElement>(null);
  // In the next frame: by then Base UI knows its tabs, and hears of the focus.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (hasFocus.current) list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [hasFocus]);
  return (
    <Base.Root className="end tabs" value={value} onValueChange={(chosen) => onChange(chosen as string)}>
      <Base.List ref={list} className="tabs" aria-label={label} activateOnFocus>
        {tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} aria-controls={panel}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}
