import type { Metadata } from 'next';
import { scenarioGroups, scenarioSections } from '#lib/server/views/scenarios.ts';
import { rules } from '#lib/coach/rules/index.ts';
import { PlanWalk } from './_components/plan-walk.tsx';
import '#components/report/band.css';
import '../../scenarios/scenarios.css';
import './plan.css';

export const metadata: Metadata = { title: 'Run them all', robots: { index: false } };

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

/** A plan walked by hand: one scenario after the other, and the page follows along. */
export default async function PlanPage({ params }: PageProps) {
  const { id } = await params;
  const titles = Object.fromEntries(rules.map((rule) => [rule.id, { title: rule.title, level: rule.level }]));
  const does = Object.fromEntries(
    scenarioSections().flatMap(({ entries }) => entries.map((one) => [one.id, one.does])),
  );
  return <PlanWalk id={id} groups={scenarioGroups()} rules={titles} does={does} />;
}
