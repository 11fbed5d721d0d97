import { CopyButton } from '#components/values/copy.tsx';
import { freeze } from '#lib/guide/frozen.ts';
import { StepLink } from '#components/rail/step-link.tsx';
import type { WalkHandle } from './use-walk.ts';

/** Copies a link to this step as it stands: edits and the open experiment; guesses stay hidden. */
function CopyState({ walk }: { readonly walk: WalkHandle }) {
  const { snapshot, view, hrefOf, openExperiment } = walk;
  const edits = snapshot.state.edits[view.step.id] ?? {};
  if (Object.values(edits).every((of) => Object.keys(of).length === 0) && openExperiment === null) return null;
  const text = () => `${window.location.origin}${hrefOf(view.step.id)}${freeze({ edits, experiment: openExperiment })}`;
  return (
    <p className="as-it-is tiny dim">
      A link to this step as it stands, without your guesses{' '}
      <CopyButton text={text} label="Copy the link to this state" />
    </p>
  );
}

/**
 * The step before and the one after; what is locked can be read all the same. Where there is no rail, also the ways
 * to begin again.
 */
export function StepNav({ walk }: { readonly walk: WalkHandle }) {
  const { view, hrefOf, open, run } = walk;
  const here = view.steps.findIndex((one) => one.id === view.step.id);
  const before = view.steps[here - 1];
  const after = view.steps[here + 1];
  return (
    <>
      <nav className="next ui" aria-label="Previous and next step">
        {before ? (
          <StepLink step={before.id} href={hrefOf(before.id)} onOpen={open}>
            {before.number}. {before.title}
          </StepLink>
        ) : (
          <a href="/guide">All tracks</a>
        )}
        {after ? (
          <StepLink
            step={after.id}
            href={hrefOf(after.id)}
            onOpen={open}
            className={after.status === 'locked' ? 'dim' : undefined}
          >
            {after.number}. {after.title}
          </StepLink>
        ) : view.finished ? (
          <StepLink step="done" href={hrefOf('done')} onOpen={open}>
            The whole run
          </StepLink>
        ) : (
          <span />
        )}
      </nav>
      <CopyState walk={walk} />
      {view.done > 0 && (
        <p className="again tiny dim">
          <button type="button" onClick={() => run.restart(view.step.id)}>
            Again from step {view.step.number}
          </button>
          <button type="button" onClick={() => run.reset()}>
            Start over, in a new sandbox
          </button>
        </p>
      )}
    </>
  );
}
