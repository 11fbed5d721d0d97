import { bytes, type Instance, whole } from './api.ts';

/** The instance in six numbers, and what needs attention. */
export function Overview({ instance }: { instance: Instance }) {
  const { totals, traffic, database, memory_bytes } = instance;
  const facts: readonly (readonly [name: string, value: string, says: string])[] = [
    ['Sandboxes', whole(totals.sandboxes), `${whole(instance.max_sandboxes)} at most`],
    [
      'Requests a minute',
      whole(traffic.requests_a_minute),
      traffic.p99_ms === null ? 'none in the last minute' : `99 % within ${whole(traffic.p99_ms)} ms`,
    ],
    ['Database', bytes(database.bytes), `${bytes(totals.report_bytes)} of it kept reports`],
    ['Memory', bytes(memory_bytes), 'this process'],
    ['Streams open', whole(traffic.streams), 'at this process, 10 at most a sandbox'],
    ['Refused', whole(traffic.refused_by_limits), 'by limits (429), since the start'],
  ];
  const needs = attention(instance);
  return (
    <>
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
      {needs.length === 0 ? null : (
        <section className="adm-need" aria-labelledby="adm-need">
          <div className="figh">
            <h2 id="adm-need">Needs attention</h2>
          </div>
          <ul>
            {needs.map((says) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function attention({ totals, traffic, public: isPublic, rate_limits, max_sandboxes }: Instance): string[] {
  const needs: string[] = [];
  if (totals.sandboxes > 0.9 * max_sandboxes)
    needs.push(
      `${whole(totals.sandboxes)} of ${whole(max_sandboxes)} sandboxes. ` +
        'Beyond that the longest idle one goes for each new one.',
    );
  if ((traffic.p99_ms ?? 0) >= 1000)
    needs.push(`Requests are slow: 99 % of them take up to ${(traffic.p99_ms ?? 0) / 1000} s.`);
  if (isPublic && !rate_limits) needs.push('The instance is public, and rate limits are off (AUTHWALK_RATE_LIMITS).');
  return needs;
}
