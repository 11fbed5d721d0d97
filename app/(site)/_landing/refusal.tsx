import { headers } from 'next/headers';
import { Trip } from '#components/values/glyph.tsx';
import { bagOf } from '#components/exchange/bag.ts';
import type { Note } from '#components/exchange/view.ts';
import { StillScore } from '#components/site/still-score.tsx';
import { WalkMap } from '#components/site/walk-map.tsx';
import { loadTrack } from '#lib/guide/load.ts';
import { askWithoutToken } from '#lib/server/views/refusal.ts';
import { inWords } from './words.ts';
import { Enter, Figure } from './figure.tsx';

/** The first exchange, which has just happened, beside the map of the walk that it begins. */
export async function RefusalFigure() {
  const { exchange, metadata, scope, curl } = await askWithoutToken((await headers()).get('host'));
  const track = loadTrack('authorization-code');
  const first = track?.steps[0];
  const bag = bagOf([
    ...(metadata ? [{ name: 'resource_metadata_url', value: metadata, madeBy: 'mcp' as const }] : []),
    ...(scope ? [{ name: 'challenged_scope', value: scope, madeBy: 'mcp' as const }] : []),
  ]);
  const chosen = ['Authorization', 'Mcp-Name', '401', 'resource_metadata', 'scope'];
  const notes: Note[] = (first?.notes ?? [])
    .filter((note) => chosen.includes(note.lemma))
    .map((note) => {
      const clause = note.clause ? track?.clauses[note.clause] : undefined;
      return {
        side: note.side,
        lemma: note.lemma,
        text: note.note,
        ...(clause && note.lemma === 'resource_metadata' ? { clause } : {}),
      };
    });
  const steps =
    track?.steps.map((step) => ({
      number: step.number,
      title: step.title,
      from: step.actor_from,
      to: step.actor_to,
    })) ?? [];
  return (
    <section className="now" aria-label="One exchange, which has just happened">
      <div className="map">
        <div className="figh">
          <span className="fign">Plate 1</span>
          <h2>The whole walk</h2>
        </div>
        <p className="cap">One step taken, {inWords(steps.length - 1)} to go.</p>
        <WalkMap
          steps={steps}
          done={1}
          beads={[
            ...(metadata ? [{ name: 'resource_metadata_url', by: 'mcp' as const }] : []),
            ...(scope ? [{ name: 'challenged_scope', by: 'mcp' as const }] : []),
          ]}
        />
        <div className="held">
          <h3>What the client holds</h3>
          <dl>
            <div>
              <dt>signpost</dt>
              <dd>
                {metadata ? (
                  <span className="mcp">
                    <b className="v m" data-v="resource_metadata_url">
                      {metadata.replace(/^https?:\/\/[^/]+\/\.well-known/, '…')}
                    </b>
                  </span>
                ) : (
                  <i>none</i>
                )}
              </dd>
            </div>
            <div>
              <dt>scope to ask for</dt>
              <dd>
                {scope ? (
                  <span className="mcp">
                    <b className="v m" data-v="challenged_scope">
                      {scope}
                    </b>
                  </span>
                ) : (
                  <i>none named</i>
                )}
              </dd>
            </div>
            <div>
              <dt>identifier</dt>
              <dd>
                <i>none yet</i>
              </dd>
            </div>
            <div>
              <dt>token</dt>
              <dd>
                <i>none yet</i>
              </dd>
            </div>
          </dl>
        </div>
      </div>
      <div className="one">
        <Figure
          curl={curl}
          http={
            <StillScore
              exchange={exchange}
              bag={bag}
              notes={notes}
              captions={{
                request: `sent for this page at ${exchange.at.slice(11, 19)} UTC`,
                response: duration(exchange.duration),
              }}
            />
          }
        />
        <div className="follow">
          <a
            className="go"
            data-action
            data-carry
            href="/guide/authorization-code/discovery#bring"
            suppressHydrationWarning
          >
            <Trip from="client" to="mcp" />
            Follow the signpost
            <Enter />
          </a>
          <p>No account, nothing to install. The server is real, and so is every token.</p>
        </div>
      </div>
    </section>
  );
}

function duration(ms: number): string {
  return ms < 1 ? 'within a millisecond' : `${Math.round(ms)} ms later`;
}
