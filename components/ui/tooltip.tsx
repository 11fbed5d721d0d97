'use client';

import { Tooltip } from '@base-ui/react/tooltip';

/**
 * One tip for many anchors: shows beside the element that has the pointer or the keyboard. It is put into the landmark
 * of its anchor, so that no text stands outside of all landmarks.
 */
export default function Tip({ anchor, children }: { readonly anchor: Element; readonly children: React.ReactNode }) {
  return (
    <Tooltip.Root open>
      <Tooltip.Portal container={anchor.closest<HTMLElement>('main, nav, aside, header, footer')}>
        <Tooltip.Positioner anchor={anchor} sideOffset={6} align="start" className="tip-place">
          <Tooltip.Popup className="tip">{children}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
