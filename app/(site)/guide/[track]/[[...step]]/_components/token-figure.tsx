'use client';

import { Token } from '#components/experiment/token.tsx';
import { standing } from '#lib/guide/state.ts';
import type { WalkHandle } from './use-walk.ts';

/** Fig. n.3: the access token, taken apart and verified; only where this step has just brought it. */
export function TokenFigure({ walk }: { readonly walk: WalkHandle }) {
  const { view, snapshot } = walk;
  const made = view.exchanges.findLast((one) => one.entry.made.access_token !== undefined)?.entry.made.access_token;
  if (made === undefined || !view.bag.jwks_uri) return null;
  return (
    <section className="exch" aria-labelledby="token-h" id={`fig-${view.step.number}.3`}>
      <div className="figh">
        <span className="fign">Fig. {view.step.number}.3</span>
        <h2 id="token-h">The access token, opened</h2>
      </div>
      <Token
        token={made}
        bag={view.bag}
        now={() => standing(snapshot.state, Date.now()) + snapshot.state.clockOffset}
      />
    </section>
  );
}
