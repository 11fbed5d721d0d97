interface TrackLineProps {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly steps: readonly string[];
}

/** A track in one line: its name, a square a step, how long. */
export function TrackLine({ id, title, minutes, steps }: TrackLineProps) {
  return (
    <li>
      <a href={`/guide/${id}`}>{title}</a>
      <span className="dots" data-track={id}>{steps.map((step) => <i key={step} data-step={step} />)}<span className="vh">{steps.length} steps</span></span>
      <span className="n num">{minutes} min</span>
    </li>
  );
}
