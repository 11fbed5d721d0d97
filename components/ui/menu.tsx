'use client';

import { useId, useRef } from 'react';
import { Icon } from '../values/glyph.tsx';
import './ui.css';

/** What a list of actions holds. */
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

/**
 * A button that opens a list of actions. The list is the browser's own popover: it is next in the order of the Tab key,
 * Escape and a press elsewhere close it, and the focus goes back to the button.
 */
export function Menu({ label, items, disabled = false }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  return (
    <>
      <button type="button" className="menu-button" popoverTarget={id} disabled={disabled}>
        {label}
        <Icon name="down" />
      </button>
      <ul id={id} ref={list} popover="auto" className="menu-list">
        {items.map(({ label: name, says, onSelect }) => (
          <li key={name}>
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                list.current?.hidePopover();
                onSelect();
              }}
            >
              {name}
              {says && <small>{says}</small>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
