import { bytes, countOf, type Instance, span, whole } from './api.ts';

/** Part of the volume that is used, in percent; null: nobody says. */
export function volumeUsed({ volume }: Instance['database']): number | null {
  return volume === null ? null : Math.round(100 * (1 - volume.free / volume.bytes));
}

/** A little less than a day still counts as one: refusals are counted in parts of five minutes. */
const DAY = 86_400_000;
const NEARLY_A_DAY = DAY - 600_000;

/** For how long refusals are counted, in words. */
function refusedIn(since: string): string {
  const counted = Date.now() - Date.parse(since);
  return counted >= NEARLY_A_DAY ? 'in 24 h, by limits (429)' : `in ${span(counted)}, by limits (429)`;
}

/** The instance in six numbers. */
export function Overview({ instance }: { instance: Instance }) {
  const { totals, traffic, database, instances } = instance;
  const used = volumeUsed(database);
  const yesterday = instance.a_day_ago.sandboxes;
  const facts: readonly (readonly [name: string, value: string, says: string])[] = [
    [
      'Sandboxes',
      whole(totals.sandboxes),
      yesterday === null ? `${whole(instance.max_sandboxes)} at most` : `${whole(yesterday)} yesterday at this time`,
    ],
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
    [
      'Memory',
      bytes(instance.memory_bytes),
      `${bytes(instance.memory_limit_bytes)} a process${instances > 1 ? `, ${countOf(instances, 'instance')}` : ''}`,
    ],
    ['Streams open', whole(traffic.streams), '10 a sandbox and process'],
    ['Refused', whole(traffic.refused.count), refusedIn(traffic.refused.since)],
  ];
  return (
    <dl className="adm-facts">
      {facts.map(([name, value, says]) => {
        const [number, unit] = value.split(' ');
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {number}
              {unit === undefined ? null : <span className="unit"> {unit}</span>}
              <small>{says}</small>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
