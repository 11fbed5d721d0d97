'use client';

import { useId, useState } from 'react';
import { explain, requestJson } from '#lib/client/request.ts';

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
}

/** Chooses a track, makes the class, and opens its wall. */
export function BeginClass({ tracks }: { readonly tracks: readonly Choice[] }) {
  const id = useId();
  const [track, setTrack] = useState(tracks[0]!.id);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const made = await requestJson<{ wall_url: string }>('POST', '/api/classes', { body: { track } });
      const wall = new URL(made.wall_url);
      window.location.assign(wall.pathname + wall.hash);
    } catch (error) {
      setTrouble(explain(error));
      setBusy(false);
    }
  };
  return (
    <form
      className="class-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <label className="ui" htmlFor={id}>
        What the class walks
      </label>
      <select id={id} value={track} onChange={(event) => setTrack(event.target.value)}>
        {tracks.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}, {one.minutes} min
          </option>
        ))}
      </select>
      <button type="submit" className="go" disabled={busy}>
        Begin a class
      </button>
      {trouble && (
        <p role="alert" className="trouble">
          {trouble}
        </p>
      )}
    </form>
  );
}
