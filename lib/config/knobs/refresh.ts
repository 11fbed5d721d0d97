/** Refresh tokens and revocation. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { seconds } from '../values.ts';

export const refreshKnobs = {
  'refresh.issue': knob({
    title: 'When a refresh token is issued',
    does: 'When a refresh token is issued with the authorization code and device grants.',
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: z.enum(['always', 'offline-access', 'never']),
    default: 'always',
  }),
  'refresh.rotate': knob({
    title: 'Rotation',
    does: 'Whether each refresh brings a new refresh token. Off: the answer has none and the old one stays in use.',
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: z.boolean(),
    default: true,
  }),
  'refresh.reuse': knob({
    title: 'Reuse of a rotated token',
    does: 'What happens if a rotated refresh token comes back after the grace period.',
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: z.enum(['revoke-family', 'reject', 'accept']),
    default: 'revoke-family',
  }),
  'refresh.grace': knob({
    title: 'Grace period after rotation',
    does: prose`For how long the latest rotated refresh token is answered once more with the same successor, so that a
      lost answer or a race does no harm.`,
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: seconds,
    unit: 'seconds',
    default: 0,
  }),
  'refresh.idleLifetime': knob({
    title: 'Idle lifetime of refresh tokens',
    does: 'How long a refresh token lives unused. Each refresh starts this time again.',
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: seconds.min(1),
    unit: 'seconds',
    default: 1_209_600,
  }),
  'refresh.absoluteLifetime': knob({
    title: 'Absolute lifetime of refresh tokens',
    does: 'How long a family of refresh tokens lives after the authorization, however often it is refreshed.',
    group: 'Refresh and revocation',
    actsAt: ['token'],
    schema: seconds.min(1),
    unit: 'seconds',
    default: 7_776_000,
  }),
  'revocation.effect': knob({
    title: 'Effect of revocation',
    does: prose`Whether a revoked access token is refused at once, or only once it expires, as with self-contained
      tokens that nobody looks up.`,
    group: 'Refresh and revocation',
    actsAt: ['resource', 'introspect'],
    schema: z.enum(['immediate', 'at-expiry']),
    default: 'immediate',
  }),
  'introspect.refreshTokens': knob({
    title: 'Introspection of refresh tokens',
    does: prose`Which refresh tokens a client may introspect; another one is not active to it. own: those that were
      issued to it. usable: also those that whoever holds them could use, of registered public clients and bound to no
      key. any: all of them.`,
    group: 'Refresh and revocation',
    actsAt: ['introspect'],
    schema: z.enum(['own', 'usable', 'any']),
    default: 'usable',
  }),
};
