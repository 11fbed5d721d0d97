import { headers } from 'next/headers';
import { RunChart } from '#components/chart/run-chart.tsx';
import { firstRun } from '#lib/server/views/first-run.ts';

/** The whole walk against time: really walked, once, by this server's own client. */
export async function WholeRun() {
  const run = await firstRun((await headers()).get('host'));
  if (!run) return null;
  const span = Math.round(Math.max(...run.chart.ticks.map((tick) => tick.end)));
  return (
    <section className="whole-run" aria-labelledby="fig-1-2">
      <div className="figh">
        <span className="fign">Fig. 1.2</span>
        <h2 id="fig-1-2">The same walk to its end, against time</h2>
        <p className="cap">
          {run.exchanges} exchanges in {span} ms, with a user who says yes at once: walked here at{' '}
          {run.at.slice(11, 19)} UTC.
        </p>
      </div>
      <RunChart chart={run.chart} makers={run.makers} />
    </section>
  );
}
