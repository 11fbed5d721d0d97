interface LastUsesProps {
  /** How many sandboxes were used last in each half hour, the latest first. */
  readonly counts: readonly number[];
  /** Seconds within which those were used that are listed; 0: at any time. */
  readonly within: number;
  /** Lists those that were used within so many seconds; 0: at any time. */
  readonly onWithin: (seconds: number) => void;
}

const BAR_SECONDS = 1800;

/** When sandboxes were used last. The bars of those that are listed are dark. */
export function LastUses({ counts, within, onWithin }: LastUsesProps) {
  const most = Math.max(1, ...counts);
  const [now = 0, before = 0] = counts;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const says = `${now} sandboxes were used in the last half hour, ${before} in the one before, ${all} in a day`;
  const chosen = Math.min(counts.length, Math.round(within / BAR_SECONDS));
  return (
    <div className="adm-hist">
      {/* Lies over the bars and is not seen itself. */}
      <input
        type="range"
        min={0}
        max={counts.length}
        value={chosen}
        aria-label="List sandboxes by last use"
        aria-valuetext={chosen === 0 ? 'used at any time' : `used in the last ${chosen / 2} hours`}
        onChange={({ target }) => onWithin(Number(target.value) * BAR_SECONDS)}
      />
      <div className="bars" role="img" aria-label={says}>
        {counts.map((count, at) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar has no other name than its half hour
            key={at}
            className={at < chosen ? 'in' : undefined}
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
