'use client';

import { VerdictMark } from '#components/report/mark.tsx';
import { Icon } from '#components/values/glyph.tsx';
import type { Report } from '#lib/live/report.ts';

/** What a narrow screen shows: one view at a time. */
export type Face = 'exchanges' | 'exchange' | 'report' | 'controls';

interface FacesProps {
  readonly face: Face;
  readonly onFace: (face: Face) => void;
  readonly count: number;
  readonly controls: boolean;
  readonly report: Report | null;
}

/** The views of a narrow screen, at its foot. */
export function Faces({ face, onFace, count, controls, report }: FacesProps) {
  const faces: readonly (readonly [Face, string, number | null])[] = [
    ['exchanges', 'Exchanges', count],
    ...(report ? [['report', 'Report', report.summary.fail + report.summary.warn] as const] : []),
    ...(controls ? [['controls', 'Controls', null] as const] : []),
  ];
  return (
    <nav className="faces" aria-label="Views of this sandbox">
      {faces.map(([id, label, number]) => (
        <button
          key={id}
          type="button"
          aria-current={face === id || (id === 'exchanges' && face === 'exchange') || undefined}
          onClick={() => {
            onFace(id);
            window.scrollTo({ top: 0 });
          }}
        >
          {label} {number !== null && <span className="num">{number}</span>}
        </button>
      ))}
    </nav>
  );
}

/** The result in one line, above the list of a narrow screen. */
export function Gist({ report, onOpen }: { readonly report: Report; readonly onOpen: () => void }) {
  const { fail, warn, pass } = report.summary;
  return (
    <button type="button" className="gist" onClick={onOpen}>
      <span className={fail > 0 ? 'fail' : undefined}>
        <VerdictMark mark="fail" silent />
        {fail} fail
      </span>
      <span>
        <VerdictMark mark="warn" silent />
        {warn} {warn === 1 ? 'warning' : 'warnings'}
      </span>
      <span>
        <VerdictMark mark="pass" silent />
        {pass} pass
      </span>
      <Icon name="right" />
    </button>
  );
}
