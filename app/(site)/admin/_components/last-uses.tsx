interface LastUsesProps {
  /** How many sandboxes were used last in each half hour, the latest first. */
  readonly counts: readonly number[];
  /** Seconds within which those were used that are listed; 0: at any time. */
  readonly within: number;
}

const BAR_SECONDS = 1800;

/** When sandboxes were used last. The bars of those that are listed are dark. */
export function LastUses({ counts, within }: LastUsesProps) {
  const most = Math.max(1, ...counts);
  const [now = 0, before = 0] = counts;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const says = `${now} sandboxes were used in the last half hour, ${before} in the one before, ${all} in a day`;
  return (
    <div className="adm-hist" role="img" aria-label={says}>
      <div className="bars">
        {counts.map((count, at) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar has no other name than its half hour
            key={at}
            className={at * BAR_SECONDS < within ? 'in' : undefined}
            style={{ height: `${(100 * count) / most}%` }}
          />
        ))}
      </div>
      <div className="axis">
        <span>now</span>
        <span>6 h</span>
        <span>12 h</span>
        <span>18 h ago</span>
        <span>24 h ago</span>
      </div>
    </div>
  );
}
