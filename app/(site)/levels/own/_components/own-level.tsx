'use client';

import { useEffect, useState } from 'react';
import { LitValues } from '#components/values/lit.tsx';
import { ownText } from '#lib/labs/levels/own.ts';
import type { Level } from '#lib/labs/levels/types.ts';
import { useCheck } from '../../../guide/editor/_components/use-check.ts';
import { LevelBody } from '../../[id]/_components/level-page.tsx';
import { LevelPlate } from '../../[id]/_components/level-plate.tsx';
import { useLevel } from '../../[id]/_components/use-level.ts';

/** Reads the level of the address, and plays it. */
export function OwnLevel({ origin }: { readonly origin: string }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setText(ownText(window.location.hash) ?? '');
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  const { level, faults } = useCheck(text === '' ? null : text);
  if (level) return <Played key={text} level={level} origin={origin} />;
  const isEmpty = text === '';
  return (
    <main id="main" className="sheet-page" tabIndex={-1}>
      <h1 className="title">A level of somebody’s own</h1>
      <p className="lede" role="status">
        {isEmpty
          ? 'The address brings no level. Ask for the whole link: the level stands behind its #.'
          : faults.length > 0
            ? `The level of this link cannot be played. Line ${faults[0]!.line}: ${faults[0]!.says}.`
            : 'The level is being read …'}
      </p>
      <p>
        <a href="/guide/editor">Write one yourself</a>, or play <a href="/levels">the fourteen</a>.
      </p>
    </main>
  );
}

function Played({ level, origin }: { readonly level: Level; readonly origin: string }) {
  const handle = useLevel(level, origin, false);
  return (
    <div className="page level">
      <LitValues />
      <nav className="rail" aria-label="Levels">
        <div className="rh">
          <a className="tiny dim" href="/levels">
            All levels
          </a>
        </div>
      </nav>
      <main className="step" id="main" tabIndex={-1}>
        <LevelBody handle={handle} next={null} />
      </main>
      <LevelPlate handle={handle} />
    </div>
  );
}
