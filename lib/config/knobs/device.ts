/** The device grant. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { seconds } from '../values.ts';

export const deviceKnobs = {
  'device.lifetime': knob({
    title: 'Lifetime of device codes',
    does: 'How long a device code lives.',
    group: 'Device',
    actsAt: ['device'],
    schema: seconds.min(1),
    unit: 'seconds',
    default: 900,
  }),
  'device.interval': knob({
    title: 'Polling interval',
    does: 'The interval of the device authorization response, and the one that polls are held to.',
    group: 'Device',
    actsAt: ['device'],
    schema: seconds.min(1).max(600),
    unit: 'seconds',
    default: 5,
  }),
  'device.outcome': knob({
    title: 'Who decides',
    does: 'Whether a person decides at {base}/activate, or the sandbox after device.pendingPolls polls.',
    group: 'Device',
    actsAt: ['device', 'consent'],
    schema: z.enum(['user', 'approve', 'deny', 'expire']),
    default: 'user',
  }),
  'device.pendingPolls': knob({
    title: 'Polls before the decision',
    does: 'How many polls are answered authorization_pending before an outcome that the sandbox decides.',
    group: 'Device',
    actsAt: ['device'],
    schema: z.number().int().min(0).max(100),
    default: 0,
  }),
  'device.slowDownPolls': knob({
    title: 'Polls answered slow_down',
    does: prose`Which polls, counted from 1, are answered slow_down although they kept to the interval. Each raises the
      interval of that device code by five seconds.`,
    group: 'Device',
    actsAt: ['device'],
    schema: z.array(z.number().int().min(1)).max(100),
    default: [],
  }),
  'device.errorStatus': knob({
    title: 'Status of polling errors',
    does: 'The status of authorization_pending, slow_down, access_denied and expired_token.',
    group: 'Device',
    actsAt: ['device'],
    schema: z.union([z.literal(400), z.literal(403)]),
    default: 400,
  }),
};
