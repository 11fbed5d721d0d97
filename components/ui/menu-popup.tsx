'use client';

import { Menu } from '@base-ui/react/menu';
import { Icon } from '../values/glyph.tsx';
import type { MenuProps } from './menu-props.ts';

/** The open list, and the button that it belongs to. */
export default function MenuPopup({ label, items, disabled }: MenuProps) {
  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger className="menu-button" disabled={disabled}>
        {label}
        <Icon name="down" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" sideOffset={6} align="end">
          <Menu.Popup className="menu-list">
            {items.map((item) => (
              <Menu.Item key={item.label} className="menu-item" onClick={item.onSelect}>
                {item.label}
                {item.says && <small>{item.says}</small>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
