import type { Metadata } from 'next';
import { scenarioGroups } from '#lib/server/views/scenarios.ts';
import '#components/report/band.css';
import '../plans/[id]/report/matrix.css';
import { Compare } from './_components/compare.tsx';

export const metadata: Metadata = {
  title: 'Compare two runs',
  description:
    'Two files of authwalk check side by side: what got worse, what got better, and where the requests part.',
};

/** Two runs of a client from their files, or two clients: nothing leaves the browser. */
export default function ComparePage() {
  return <Compare groups={scenarioGroups()} />;
}
