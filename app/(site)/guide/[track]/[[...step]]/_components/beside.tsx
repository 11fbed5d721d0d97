'use client';

import { useEffect, useState } from 'react';
import { CopyButton } from '#components/values/copy.tsx';
import { isLoopback } from '#lib/guide/values.ts';
import type { WalkHandle } from './use-walk.ts';

/** A page of the server that is opened in another window, or on a phone by its QR code. */
export function Beside({ walk }: { readonly walk: WalkHandle }) {
  const { beside, view, snapshot } = walk;
  if (beside === null || snapshot.state.navigation?.step !== view.step.id) return null;
  return (
    <section className="beside" aria-labelledby="beside-h">
      <div className="figh">
        <h2 id="beside-h">The other window</h2>
      </div>
      <div className="beside-in">
        <QrCode text={beside} />
        <div>
          <p>
            <a className="btn" href={beside} target="_blank" rel="noreferrer">
              Open the page in another window
            </a>
          </p>
          <p className="m-code">
            {beside}
            <CopyButton text={() => beside} label="Copy the address of the page" />
          </p>
          <p className="tiny dim">
            {isLoopback(beside)
              ? 'This server runs on your own machine, so a phone cannot reach it. Use another window.'
              : 'Or scan the code with a phone. This page goes on when you have decided.'}
          </p>
          <p className="vh" role="status">
            Waiting for your decision in the other window
          </p>
        </div>
      </div>
    </section>
  );
}

/** Modules of empty space around a code; readers need them. */
const QUIET = 4;

/** A QR code, drawn here: nothing is sent anywhere. */
function QrCode({ text }: { readonly text: string }) {
  const [grid, setGrid] = useState<readonly (readonly boolean[])[] | null>(null);
  useEffect(() => {
    let alive = true;
    void import('uqr').then(({ encode }) => {
      if (alive) setGrid(encode(text, { border: QUIET }).data);
    });
    return () => {
      alive = false;
    };
  }, [text]);
  if (!grid) return <div className="qr" />;
  const dark = grid.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${grid.length} ${grid.length}`}
      role="img"
      aria-label="QR code of the address"
      shapeRendering="crispEdges"
    >
      {/* Icons of these pages are drawn with strokes; one here would fill the gaps between the modules. */}
      <rect width={grid.length} height={grid.length} fill="#fff" stroke="none" />
      <path d={dark} fill="#000" stroke="none" />
    </svg>
  );
}
