/** Whether a goal was met: a tick, or a cross. */
export function GoalMark({ met }: { readonly met: boolean }) {
  return (
    <svg
      className={`mk ${met ? 'p' : 'x'}`}
      viewBox="0 0 12 12"
      role="img"
      aria-label={met ? 'goal met' : 'goal not met'}
    >
      {met ? <path d="m2.5 6.5 2.3 2.3L9.5 3.5" /> : <path d="m3 3 6 6M9 3l-6 6" />}
    </svg>
  );
}

/** Nothing is known yet, or nothing was asked. */
export function Ring({ label }: { readonly label: string }) {
  return (
    <svg className="mk o" viewBox="0 0 12 12" role="img" aria-label={label}>
      <circle cx="6" cy="6" r="2.6" />
    </svg>
  );
}
