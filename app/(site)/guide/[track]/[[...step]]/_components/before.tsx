'use client';

import type { WalkHandle } from './use-walk.ts';

/** What a track begins with: steps of other tracks, which run by themselves before the first. */
export function Before({ walk }: { readonly walk: WalkHandle }) {
  const { track, snapshot, view } = walk;
  if (track.before.length === 0 || view.step.number !== 1) return null;
  const sent = new Set(snapshot.state.log.filter((entry) => entry.kind === 'exchange').map((entry) => entry.step));
  const done = track.before.filter((step) => sent.has(step.id)).length;
  return (
    <details className="before">
      <summary>
        {done === track.before.length
          ? `${track.before.length} steps have run before this one.`
          : `${track.before.length} steps run by themselves before this one.`}
      </summary>
      <ol>
        {track.before.map((step) => (
          <li key={step.id}>
            <a href={`/guide/${step.id}`}>{step.title}</a>{' '}
            <span className="dim">{sent.has(step.id) ? 'done in your sandbox' : 'to run with your first request'}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** For a step that cannot be sent yet: runs what comes before, so that it can. */
export function Bring({ walk }: { readonly walk: WalkHandle }) {
  const { view, run, snapshot, track } = walk;
  if (view.status !== 'locked' || walk.following.on) return null;
  const before = track.steps.filter((step) => step.number < view.step.number);
  return (
    <p className="bring">
      <button
        type="button"
        className="btn"
        aria-disabled={snapshot.running !== null || undefined}
        onClick={() => {
          if (snapshot.running === null) void run.bring(view.step.id);
        }}
      >
        {snapshot.running ? 'On the way' : 'Bring me here'}
      </button>
      <span className="tiny dim">
        {before.length === 1 ? 'Runs step 1' : `Runs steps 1 to ${before.length}`} in your sandbox. A made-up user
        approves.
      </span>
    </p>
  );
}
