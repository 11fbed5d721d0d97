'use client';

import { useState } from 'react';
import { Icon } from './glyph.tsx';

/**
 * Copies a text, and says so.
 * @param text read at the moment of copying
 */
export function CopyButton({
  text,
  label,
  children,
}: {
  readonly text: () => string;
  readonly label: string;
  readonly children?: React.ReactNode;
}) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied');
    } catch {
      setSaid('The browser did not allow it');
    }
    setTimeout(() => setSaid(''), 1600);
  };
  return (
    <>
      <button
        type="button"
        className={children ? 'copy-value' : 'cpy'}
        aria-label={label}
        title={said || label}
        onClick={copy}
      >
        {children ?? (said === 'Copied' ? <Icon name="tick" /> : <Icon name="copy" />)}
      </button>
      <span className="vh" role="status">
        {said}
      </span>
    </>
  );
}

/**
 * A button of words that copies a text, and says so.
 * @param text read at the moment of copying
 */
export function CopyWords({
  text,
  className = 'btn',
  children,
}: {
  readonly text: () => string;
  readonly className?: string;
  readonly children: React.ReactNode;
}) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied');
    } catch {
      setSaid('The browser did not allow it');
    }
    setTimeout(() => setSaid(''), 1600);
  };
  return (
    <>
      <button type="button" className={className} onClick={copy}>
        {said === 'Copied' ? (
          <>
            <Icon name="tick" />
            Copied
          </>
        ) : (
          children
        )}
      </button>
      <span className="vh" role="status">
        {said}
      </span>
    </>
  );
}
