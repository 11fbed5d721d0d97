import type { Metadata } from 'next';
import { scenarioGroups } from '#lib/server/views/scenarios.ts';
import { PlanReportView } from './_components/plan-report.tsx';
import '#components/report/band.css';
import './matrix.css';

export const metadata: Metadata = { title: 'Report of a plan', robots: { index: false } };

interface PageProps {
  readonly params: Promise<{ id: string }>;
}

/** The report of a whole plan, beside its last run or another client. */
export default async function PlanReportPage({ params }: PageProps) {
  const { id } = await params;
  return <PlanReportView id={id} groups={scenarioGroups()} />;
}
