import Link from 'next/link';
import type { WalkHandle } from './use-walk.ts';

/** The step before and the one after; what is locked can be read all the same. */
export function StepNav({ walk }: { readonly walk: WalkHandle }) {
  const { view, hrefOf } = walk;
  const here = view.steps.findIndex((one) => one.id === view.step.id);
  const before = view.steps[here - 1];
  const after = view.steps[here + 1];
  return (
    <nav className="next ui" aria-label="Previous and next step">
      {before ? <Link href={hrefOf(before.id)} prefetch={false}>{before.number}. {before.title}</Link> : <Link href="/guide" prefetch={false}>All tracks</Link>}
      {after ? <Link href={hrefOf(after.id)} prefetch={false} className={after.status === 'locked' ? 'dim' : undefined}>{after.number}. {after.title}</Link>
        : view.finished ? <Link href={hrefOf('done')} prefetch={false}>The whole run</Link> : <span />}
    </nav>
  );
}
