'use client';

import { useId, useState } from 'react';
import { Parameters } from '#components/parameters/parameters.tsx';
import { CopyWords } from '#components/values/copy.tsx';
import { Trip } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { shorten } from '#components/values/value.tsx';
import type { LevelHandle } from './use-level.ts';

/** Fig. 3: the moves that the level allows, and the parameters of the one that is chosen. */
export function NextMove({ handle, onSend }: { readonly handle: LevelHandle; readonly onSend: () => void }) {
  const id = useId();
  const { view, player, snapshot, awake } = handle;
  return (
    <>
      <div className="figh">
        <span className="fign">Fig. 3</span>
        <h2 id="fig-3">Your next move</h2>
        <span className="cap">Choose one, change its parameters, send it.</span>
      </div>
      <ul className="moves">
        {view.choices.map(({ move, chosen, waits }, index) => (
          <li key={move.id}>
            <button
              type="button"
              className="btn"
              aria-pressed={chosen}
              aria-disabled={waits !== null || undefined}
              aria-describedby={waits === null ? undefined : `${id}-${index}`}
              disabled={!awake}
              onClick={() => {
                if (waits === null && snapshot.busy === null) void player.choose(move.id);
              }}
            >
              {move.from !== move.to && <Trip from={move.from} to={move.to} />}
              {move.title}
            </button>
            {waits !== null && <p id={`${id}-${index}`}>{waits}</p>}
          </li>
        ))}
      </ul>
      {view.chosen && view.chosen.step !== null && <MoveParameters handle={handle} onSend={onSend} />}
      {view.chosen?.id === 'advance' && <Seconds handle={handle} onSend={onSend} />}
      {view.chosen && view.chosen.step !== null && <InHand handle={handle} />}
    </>
  );
}

function MoveParameters({ handle, onSend }: { readonly handle: LevelHandle; readonly onSend: () => void }) {
  const { view, player } = handle;
  const [open, setOpen] = useState<string | null>(null);
  const chosen = view.chosen!.id;
  const isOpen = open === chosen;
  const more = view.parameters.length - view.shown;
  const parameters = isOpen ? view.parameters : view.parameters.slice(0, view.shown);
  const nameOf = (key: string) => view.parameters.find((one) => one.key === key)!.parameter.name;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid with subgrids everywhere
    <div className="req" role="group" aria-label="Parameters of this move">
      <Parameters
        parameters={parameters}
        onSend={onSend}
        onEdit={(key, edit) => player.edit(nameOf(key), edit)}
        onRestore={(key) => player.edit(nameOf(key), null)}
      />
      {more > 0 && (
        <p className="rl">
          <button type="button" className="more" aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : chosen)}>
            {isOpen ? 'Fewer parameters' : `${more} more ${more === 1 ? 'parameter' : 'parameters'}, as in the walk`}
          </button>
        </p>
      )}
    </div>
  );
}

function Seconds({
  handle: { player, snapshot },
  onSend,
}: {
  readonly handle: LevelHandle;
  readonly onSend: () => void;
}) {
  const id = useId();
  return (
    <p className="seconds ui">
      <label htmlFor={id}>Seconds</label>{' '}
      <input
        id={id}
        type="number"
        min={1}
        max={31_536_000}
        inputMode="numeric"
        value={snapshot.chosen?.seconds ?? 60}
        onChange={(event) => player.setSeconds(Math.max(1, Number(event.target.value) || 1))}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSend();
        }}
      />{' '}
      <span className="dim">3600 is an hour</span>
    </p>
  );
}

/** Values of which a player may make other use than the page proposes. */
const NOTABLE = [
  ...['code', 'access_token', 'refresh_token', 'previous_refresh_token', 'previous_access_token', 'client_id'],
  ...['client_secret', 'actor_token', 'exchanged_token', 'mcp_url', 'other_mcp_url', 'redirect_uri'],
];

/** The values in hand, by name: what is typed as `{name}` stands for them. */
function InHand({ handle: { view } }: { readonly handle: LevelHandle }) {
  const held = NOTABLE.flatMap((name) => (view.bag[name] ? [view.bag[name]] : []));
  return (
    <details className="in-hand">
      <summary>
        Values in hand, to be used anywhere: type <code>{'{name}'}</code>
      </summary>
      <ul>
        {held.map((value) => (
          <li key={value.name}>
            <CopyWords className="link m-code" text={() => `{${value.name}}`}>
              {`{${value.name}}`}
            </CopyWords>{' '}
            <b className={`v ${value.madeBy} m-code`} data-v={value.name}>
              {shorten(value.value, 12)}
            </b>
          </li>
        ))}
      </ul>
      <p className="tiny dim">
        <Prose text="A press copies the name." />
      </p>
    </details>
  );
}
