'use client';

import { useSyncExternalStore } from 'react';
import { onKept } from '#components/site/progress.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { browserStorage, type LabSeen, labText, parseLabSeen } from '#lib/guide/storage.ts';
import { GoalMark, Ring } from '../[attack]/_components/marks.tsx';

const notes = new Map<string, { text: string | null; seen: LabSeen }>();
const nothing: LabSeen = {};

function seenOf(lab: string): LabSeen {
  const text = labText(browserStorage(), lab);
  const kept = notes.get(lab);
  if (kept && kept.text === text) return kept.seen;
  const seen = parseLabSeen(text);
  notes.set(lab, { text, seen });
  return seen;
}

/** What this browser has seen of a lab: off, on, or nothing yet. */
export function LabState({ lab }: { readonly lab: string }) {
  const seen = useSyncExternalStore(
    onKept,
    () => seenOf(lab),
    () => nothing,
  );
  if (!seen.off && !seen.on) return <span>not opened</span>;
  return (
    <span className="res">
      {(['off', 'on'] as const).map((one) => (
        <span key={one}>
          {one} {seen[one] ? <GoalMark met={seen[one] === 'met'} /> : <Ring label="not seen" />}
        </span>
      ))}
    </span>
  );
}

interface GoOnProps {
  readonly labs: readonly { readonly id: string; readonly number: number; readonly title: string }[];
}

/** The lab to go on with, and how many have been seen both ways. */
export function GoOnLab({ labs }: GoOnProps) {
  const text = useSyncExternalStore(
    onKept,
    () => labs.map(({ id }) => labText(browserStorage(), id) ?? '').join('\n'),
    () => '',
  );
  const all = text === '' ? [] : text.split('\n').map((one) => parseLabSeen(one === '' ? null : one));
  const both = all.filter((seen) => seen.off && seen.on).length;
  const at = labs.findIndex((_lab, index) => !all[index]?.off || !all[index]?.on);
  const lab = labs[Math.max(0, at)]!;
  const half = all[at]?.off && !all[at]?.on ? ', defence on' : '';
  return (
    <div className="lab-index-go">
      <a className="go" href={`/lab/${lab.id}`}>
        <span>
          Lab {lab.number}: {lab.title}
          {half}
        </span>
        <kbd>
          <Icon name="enter" />
        </kbd>
      </a>
      <span className="ui dim">
        {both} of {labs.length} seen both ways
      </span>
    </div>
  );
}
