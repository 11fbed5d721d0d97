'use client';

import Link from 'next/link';
import { RunChart } from '#components/chart/run-chart.tsx';
import { Prose } from '#components/values/prose.tsx';
import type { Party, Track } from '#lib/guide/types.ts';
import type { WalkHandle } from './use-walk.ts';

/** The page after the last step: the whole run against time, and where to go from here. */
export function Done({ track, walk, makers }: { readonly track: Track; readonly walk: WalkHandle; readonly makers: Readonly<Record<string, Party | 'attacker'>> }) {
  void makers; void walk;
  return (
    <header className="sh"><h1 className="title">The whole run</h1><p className="lede"><Prose text={track.ends_with} /></p><RunChart /><Link href="/guide">All tracks</Link></header>
  );
}
