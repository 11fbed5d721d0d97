import { bytes, type Instance, whole } from './api.ts';

/** Part of the volume that is used, in percent; null: nobody says. */
export function volumeUsed({ volume }: Instance['database']): number | null {
  return volume === null ? null : Math.round(100 * (1 - volume.free / volume.bytes));
}

/** The instance in six numbers. */
export function Overview({ instance }: { instance: Instance }) {
  const { totals, traffic, database } = instance;
  const used = volumeUsed(database);
  const facts: readonly (readonly [name: string, value: string, says: string])[] = [
    ['Sandboxes', whole(totals.sandboxes), `${whole(instance.max_sandboxes)} at most`],
    [
      'Requests a minute',
      whole(traffic.requests_a_minute),
      traffic.p99_ms === null ? 'none in the last minute' : `99 % within ${whole(traffic.p99_ms)} ms`,
    ],
    [
      'Database',
      bytes(database.bytes),
      used === null ? `${bytes(totals.report_bytes)} of it kept reports` : `the volume is ${used} % full`,
    ],
    ['Memory', bytes(instance.memory_bytes), `${bytes(instance.memory_limit_bytes)} for each process`],
    ['Streams open', whole(traffic.streams), '10 a sandbox and process'],
    ['Refused', whole(traffic.refused_by_limits), 'by limits (429), since the start'],
  ];
  return (
    <dl className="adm-facts">
      {facts.map(([name, value, says]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            <small>{says}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
