'use client';

import { Tabs as Base } from '@base-ui/react/tabs';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (id: T) => void;
  /** Id of the panel that they change. */
  readonly panel: string;
  /** A control at the end of the line, such as copy. */
  readonly children?: React.ReactNode;
}

/** Views of one thing, as a running line of words. Arrow keys move and choose. */
export function Tabs<T extends string>({ label, tabs, value, onChange, panel, children }: TabsProps<T>) {
  return (
    <Base.Root className="end tabs" value={value} onValueChange={(chosen) => onChange(chosen as T)}>
      <Base.List className="tabs" aria-label={label} activateOnFocus>
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
