'use client';

import { lazy, Suspense, useState } from 'react';
import { Icon } from '../values/glyph.tsx';
import './ui.css';

export interface MenuItem {
  readonly label: string;
  /** A second line that says what it does. */
  readonly says?: string;
  readonly onSelect: () => void;
}

export interface MenuProps {
  /** What the button says. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean;
}

const load = () => import('./menu-popup.tsx');
const MenuPopup = lazy(load);

/** A button that opens a list of actions. What draws the list is loaded when somebody is about to open it. */
export function Menu({ label, items, disabled = false }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <button
      type="button"
      className="menu-button"
      aria-haspopup="menu"
      aria-expanded={false}
      disabled={disabled}
      onPointerEnter={() => {
        void load();
      }}
      onFocus={() => {
        void load();
      }}
      onClick={() => setWanted(true)}
    >
      {label}
      <Icon name="down" />
    </button>
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPopup label={label} items={items} disabled={disabled} />
    </Suspense>
  );
}
