'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import { replaceAddress } from '#components/ui/address.ts';
import { type Arriving, useArriving } from '#components/ui/use-arriving.ts';
import { canFollow } from '#lib/guide/can-follow.ts';
import type { deriveFollowed, Followed, follow } from '#lib/guide/follow.ts';
import type { createLive, LiveSnapshot, LiveStatus } from '#lib/live/live.ts';
import { loadLater } from '#lib/guide/later.ts';
import { type FollowChoice, readFollow, readKept, writeFollow } from '#lib/guide/storage.ts';
import type { Run, RunSnapshot, SandboxRef, Track } from '#lib/guide/types.ts';

/** What follows a client: loaded with the first choice to do so. */
interface Tools {
  readonly follow: typeof follow;
  readonly deriveFollowed: typeof deriveFollowed;
  readonly createLive: typeof createLive;
}
async function loadTools(): Promise<Tools> {
  const [guide, live] = await Promise.all([import('#lib/guide/follow.ts'), import('#lib/live/live.ts'), loadLater()]);
  return { follow: guide.follow, deriveFollowed: guide.deriveFollowed, createLive: live.createLive };
}

export interface FollowHandle {
  /** Works out what is shown of a followed walk; null while that is on its way. */
  readonly derive: typeof deriveFollowed | null;
  /** Whether the walk is an outside client's. */
  readonly on: boolean;
  /** Whether this track can be followed at all. */
  readonly possible: boolean;
  readonly followed: Followed | null;
  readonly status: LiveStatus;
  /** The sandbox that is followed: the visitor's own, or one that this browser holds the token of. */
  readonly sandbox: SandboxRef | null;
  readonly choose: (on: boolean) => void;
}

/** The sandbox of `#follow={id}`, where this browser holds its control token. */
async function sandboxNamed(id: string): Promise<SandboxRef | null> {
  const token = readKept(localStorage).find((one) => one.id === id)?.token;
  if (token === undefined) return null;
  const response = await fetch(`/api/sandboxes/${id}`, {
    headers: { Authorization: `Bearer ${token}` },
    cache: 'no-store',
    credentials: 'omit',
  }).catch(() => null);
  if (!response?.ok) return null;
  const told = (await response.json()) as { issuer: string; mcp: SandboxRef['mcp']; expires_at: string };
  return {
    id,
    base: told.issuer,
    control_token: token,
    mcp: told.mcp,
    inspect_url: `${window.location.origin}/sandbox/${id}#control=${token}`,
    expires_at: told.expires_at,
  };
}

/**
 * The walk of an outside client, where the visitor has chosen so: live, and kept over reloads.
 * `#follow` in the address chooses it, `#follow={id}` for another sandbox of this browser.
 */
export function useFollow(track: Track, run: Run, snapshot: RunSnapshot, origin: string): FollowHandle {
  const possible = useMemo(() => canFollow(track), [track]);
  const [choice, setChoice] = useState<FollowChoice | null>(null);
  const choose = useCallback(
    (next: FollowChoice | null) => {
      writeFollow(localStorage, track.id, next);
      setChoice(next);
      if (next === 'own') void run.open();
    },
    [run, track.id],
  );

  useEffect(() => {
    if (!possible || !snapshot.awake) return;
    const [, named] = /^#follow(?:=([a-z0-9]+))?$/.exec(window.location.hash) ?? [];
    if (!window.location.hash.startsWith('#follow')) {
      setChoice(readFollow(localStorage, track.id));
      return;
    }
    replaceAddress(window.location.pathname);
    if (named === undefined) choose('own');
    else void sandboxNamed(named).then((sandbox) => choose(sandbox ?? 'own'));
  }, [possible, snapshot.awake, track.id, choose]);

  const [tools, setTools] = useState<Tools | null>(null);
  const isChosen = choice !== null;
  useEffect(() => {
    if (isChosen) void loadTools().then(setTools);
  }, [isChosen]);
  const own = snapshot.state.sandbox;
  const sandbox = choice === 'own' ? own : choice;
  const [id, token] = [sandbox?.id, sandbox?.control_token];
  const live = useMemo(() => {
    if (id === undefined || token === undefined || tools === null) return null;
    const made = tools.createLive({ address: `${origin}/api/sandboxes/${id}`, token });
    made.reveal(true);
    return made;
  }, [origin, id, token, tools]);
  useEffect(() => live?.start(), [live]);
  const seen = useArriving<LiveSnapshot | null>(live ?? silence);
  const page = snapshot.state;
  const followed = useMemo(
    () =>
      sandbox && seen && tools
        ? tools.follow(
            track,
            page.sandbox?.id === sandbox.id ? page : { ...page, sandbox, log: [], lost: false },
            seen.exchanges,
            origin,
          )
        : null,
    [track, page, sandbox, seen, origin, tools],
  );
  return {
    derive: tools?.deriveFollowed ?? null,
    on: choice !== null,
    possible,
    followed,
    status: seen?.status ?? 'connecting',
    sandbox,
    choose: (on) => choose(on ? 'own' : null),
  };
}

/** Nothing is followed. */
const silence: Arriving<null> = { snapshot: () => null, subscribe: () => () => undefined };
