'use client';

import { useCallback, useEffect, useState } from 'react';
import { ApiError, explain, requestJson } from '#lib/client/request.ts';
import { readEvents } from '#lib/client/events.ts';
import { browserStorage, keepWallToken, readWallToken } from '#lib/guide/storage.ts';
import type { WallAnswer } from '#lib/spec/answers.ts';

export interface WallChange {
  readonly open?: boolean;
  readonly shown?: readonly string[];
  /** The step that is presented to all; null: none. */
  readonly presents?: string | null;
  /** Whether the clocks of all are to stand still. */
  readonly frozen?: boolean;
  /** The refusal of which one is to be shown; null: none. */
  readonly asks?: { readonly step: string; readonly reason: string } | null;
  /** Puts away the one that is shown. */
  readonly one?: null;
}

export interface WallHandle {
  readonly wall: WallAnswer | null;
  /** Wall time, ms; it goes on by itself, so that the quiet ones are seen. */
  readonly now: number;
  readonly trouble: string | null;
  readonly ended: boolean;
  change(how: WallChange): Promise<void>;
  end(): Promise<void>;
}

/** Ms between two looks at the clock, and before a lost stream is opened again. */
const TICK = 10_000;
const AGAIN = 2_000;

/** The token of the wall: from the address, which then forgets it, or as this browser kept it. */
function takeToken(id: string): string | null {
  const shown = /^#control=([A-Za-z0-9_-]+)$/.exec(window.location.hash)?.[1];
  if (shown === undefined) return readWallToken(browserStorage(), id);
  keepWallToken(browserStorage(), id, shown);
  window.history.replaceState(null, '', window.location.pathname);
  return shown;
}

/** The wall of a class, live. */
export function useWall(id: string): WallHandle {
  const [token, setToken] = useState<string | null>(null);
  const [wall, setWall] = useState<WallAnswer | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [ended, setEnded] = useState(false);
  const [now, setNow] = useState(0);
  const path = `/api/classes/${encodeURIComponent(id)}`;
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    const mine = takeToken(id);
    setToken(mine);
    if (mine === null) {
      setTrouble('This browser does not have the token of this wall. Open it where the class was begun.');
      return;
    }
    const abort = new AbortController();
    const follow = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        try {
          const response = await fetch(`${path}/wall/stream`, {
            headers: { Authorization: `Bearer ${mine}` },
            credentials: 'omit',
            signal: abort.signal,
          });
          if (response.status === 404) return setEnded(true);
          if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
          setTrouble(null);
          for await (const event of readEvents(response.body)) {
            if (event.event !== 'wall') continue;
            setWall(JSON.parse(event.data) as WallAnswer);
            setNow(Date.now());
          }
        } catch {
          if (abort.signal.aborted) return;
          setTrouble('The server does not answer. The wall shows what it knew last.');
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    };
    void follow();
    return () => abort.abort();
  }, [id, path]);
  const change = useCallback(
    async (how: WallChange) => {
      if (token === null) return;
      try {
        await requestJson('PATCH', path, { token, body: how });
      } catch (error) {
        setTrouble(explain(error));
      }
    },
    [path, token],
  );
  const end = useCallback(async () => {
    try {
      await requestJson('DELETE', path, { token });
      setEnded(true);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) setEnded(true);
      else setTrouble(explain(error));
    }
  }, [path, token]);
  return { wall, now, trouble, ended, change, end };
}
