'use client';

import { lazy, Suspense } from 'react';
import type { ConfirmProps } from './confirm-props.ts';
import './ui.css';

const Dialog = lazy(() => import('./confirm-dialog.tsx'));

/** Asks once before something is lost. Mount it to ask. */
export function Confirm(props: ConfirmProps) {
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
