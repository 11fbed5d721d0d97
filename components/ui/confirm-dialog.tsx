'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ConfirmProps } from './confirm-props.ts';

/** The dialog itself: focus goes in, Escape leaves, and focus goes back to where it was. */
export default function ConfirmDialog({ title, children, action, busy, onConfirm, onClose }: ConfirmProps) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-back" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog-says">{children}</AlertDialog.Description>
          <p className="dialog-acts">
            <AlertDialog.Close className="btn">Cancel</AlertDialog.Close>
            <button type="button" className="btn ink" disabled={busy} onClick={onConfirm}>
              {action}
            </button>
          </p>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
