'use client';

import { lazy, Suspense, useState } from 'react';
import { Icon } from '../values/glyph.tsx';
import type { MenuProps } from './menu-props.ts';
import './ui.css';

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
