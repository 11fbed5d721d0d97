'use client';

import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { explain } from '#lib/client/request.ts';
import { MAX_EXCHANGES } from '#lib/exchange/types.ts';
import { ask, bytes, type SandboxLine, span, whole } from './api.ts';
import { Inside, type Looked } from './inside.tsx';

/** Columns that are there at every width: spanning more would bring the hidden ones back. */
const ALWAYS_SHOWN = 5;

interface SandboxRowProps {
  readonly one: SandboxLine;
  readonly isChosen: boolean;
  /** Whether what is inside is shown from the start. */
  readonly opens: boolean;
  readonly onToggle: (id: string) => void;
  readonly token: string | null;
}

/** A sandbox in the list; below it, what is inside if somebody looks. */
export function SandboxRow({ one, isChosen, opens, onToggle, token }: SandboxRowProps) {
  const [inside, setInside] = useState<Looked | string | null>(null);
  const shown = useId();
  const now = Date.now();
  const button = useRef<HTMLButtonElement>(null);
  const look = useCallback(() => {
    ask<Looked>(token, `/sandboxes/${encodeURIComponent(one.id)}`).then(setInside, (error: unknown) =>
      setInside(explain(error)),
    );
  }, [token, one.id]);
  useEffect(() => {
    if (!opens) return;
    look();
    button.current?.focus();
  }, [opens, look]);
  return (
    <>
      <tr className={isChosen ? 'sel' : undefined}>
        <td className="pick">
          <label>
            <input
              type="checkbox"
              aria-label={`Select ${one.id}`}
              checked={isChosen}
              disabled={one.id === 'default'}
              onChange={() => onToggle(one.id)}
            />
          </label>
        </td>
        <td className="id">
          <code title={one.id}>{one.id === 'default' ? one.id : `${one.id.slice(0, 4)}…`}</code>
        </td>
        <td>
          <code title={one.scenario ?? undefined}>{one.scenario ?? 'custom'}</code>
        </td>
        <td className="client wide">
          {one.client === null ? (
            <span className="dim">none yet</span>
          ) : (
            <code title={one.client}>{shortClient(one.client)}</code>
          )}
        </td>
        <td className="r num count">
          {one.exchanges >= MAX_EXCHANGES ? <AtLimit /> : null}
          {whole(one.exchanges)}
        </td>
        <td className="use">{span(now - Date.parse(one.last_used_at))}</td>
        <td className="r num size wide">{bytes(one.bytes)}</td>
        <td className="ends dim">
          {one.expires_at === null ? 'never' : `in ${span(Date.parse(one.expires_at) - now)}`}
        </td>
        <td className="look">
          <button
            ref={button}
            type="button"
            className="link"
            aria-expanded={inside !== null}
            aria-controls={inside === null ? undefined : shown}
            onClick={() => (inside === null ? look() : setInside(null))}
          >
            Look<span className="vh"> inside {one.id}</span>
          </button>
        </td>
      </tr>
      {inside === null ? null : (
        <tr>
          <td colSpan={ALWAYS_SHOWN} className="inside">
            <div id={shown} className="adm-inside" role={typeof inside === 'string' ? 'status' : undefined}>
              <Inside inside={inside} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

/** A `User-Agent` by its product alone: `python-httpx` of `python-httpx/0.28.1`; a name as it is. */
const shortClient = (client: string): string => /^([\w.-]+)\/[\d.]+/.exec(client)?.[1] ?? client;

function AtLimit() {
  return (
    <svg className="mk" viewBox="0 0 12 12" role="img" aria-label="at its limit">
      <path d="M6 2v5M6 9.5v.1" />
    </svg>
  );
}
