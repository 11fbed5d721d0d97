'use client';

import { lazy, Suspense } from 'react';
import './ui.css';

export interface ConfirmProps {
  /** What is asked, as a question. */
  readonly title: string;
  /** What will be lost, and what stays. */
  readonly children: React.ReactNode;
  /** What the button that does it says. */
  readonly action: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

const Dialog = lazy(() => import('./confirm-dialog.tsx'));

/** Asks once before something is lost. Mount it to ask. */
export function Confirm(props: ConfirmProps) {
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
