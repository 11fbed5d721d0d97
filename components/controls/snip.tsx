import type { ReactNode } from 'react';
import './snip.css';

interface SnipProps {
  readonly text: string;
  /** Names the text for those who do not see it. */
  readonly label: string;
  readonly id?: string;
  /** The button that copies it. */
  readonly children: ReactNode;
}

/** A text to copy, with its button. */
export function Snip({ text, label, id, children }: SnipProps) {
  return (
    <div className="snip">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <pre className="m-code" tabIndex={0} role="group" aria-label={label} id={id}>
        {text}
      </pre>
      {children}
    </div>
  );
}
