'use client';

import { lazy, Suspense, useRef, useState } from 'react';
import type { TabsProps } from './tabs-props.ts';

/** Arrow keys are Base UI's; it is loaded once somebody comes to the tabs by keyboard, or has pressed one. */
const Moving = lazy(() => import('./tabs-moving.tsx'));

/** Views of one thing, as a running line of words. Arrow keys move and choose. */
export function Tabs<T extends string>(props: TabsProps<T>) {
  const [touched, setTouched] = useState(false);
  const focused = useRef(false);
  const still = <Still {...props} onTouch={() => setTouched(true)} focused={focused} />;
  if (!touched) return still;
  return (
    <Suspense fallback={still}>
      <Moving {...props} onChange={(id) => props.onChange(id as T)} hasFocus={focused} />
    </Suspense>
  );
}

interface StillProps<T extends string> extends TabsProps<T> {
  readonly onTouch: () => void;
  readonly focused: React.RefObject<boolean>;
}

/** The same to look at and to press. */
function Still<T extends string>({ label, tabs, value, onChange, panel, children, onTouch, focused }: StillProps<T>) {
  // Not while a mouse is pressed: the button under it would be another one when it is let go.
  const onFocus = (event: React.FocusEvent) => {
    focused.current = true;
    if (event.currentTarget.matches(':focus-visible')) onTouch();
  };
  // What takes the place of a focused tab takes the focus, too; then the focus goes nowhere else.
  const onBlur = (event: React.FocusEvent) => {
    if (event.relatedTarget !== null) focused.current = false;
  };
  return (
    <div className="end tabs">
      <div className="tabs" role="tablist" aria-label={label}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            aria-controls={panel}
            aria-selected={tab.id === value}
            tabIndex={tab.id === value ? 0 : -1}
            onClick={() => {
              onChange(tab.id);
              onTouch();
            }}
            onFocus={onFocus}
            onBlur={onBlur}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}
