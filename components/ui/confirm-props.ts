import type { ReactNode } from 'react';

/** What a question before a loss says and does. */
export interface ConfirmProps {
  /** What is asked, as a question. */
  readonly title: string;
  /** What will be lost, and what stays. */
  readonly children: ReactNode;
  /** What the button that does it says. */
  readonly action: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}
