'use client';

import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { CopyButton } from '#components/values/copy.tsx';
import type { SandboxRef } from '#lib/guide/types.ts';

/** In the page's header: whose sandbox this is, and its address to copy. */
export function SandboxNote({ sandbox }: { readonly sandbox: SandboxRef | null }) {
  const [place, setPlace] = useState<Element | null>(null);
  useEffect(() => setPlace(document.querySelector('.top .who')), []);
  if (!place || !sandbox) return null;
  return createPortal(
    <span className="sandbox-note ui">
      <span className="lbl">your sandbox</span>{' '}
      <a href={sandbox.inspect_url}>
        <code>s/{sandbox.id.slice(0, 4)}…</code>
      </a>
      <span className="cp">
        <CopyButton text={() => sandbox.base} label="Copy the address of your sandbox" />
      </span>
    </span>,
    place,
  );
}
