/** Small enough for every page: what follows an outside client is loaded only by who wants it. */
import type { Track } from './types.ts';

/** Whether a track can be followed: its steps are the ones that exchanges are laid to. */
export function canFollow(track: Track): boolean {
  return ['challenge', 'discovery', 'registration', 'authorization', 'token', 'call'].every((id) =>
    track.steps.some((step) => step.id === id),
  );
}
