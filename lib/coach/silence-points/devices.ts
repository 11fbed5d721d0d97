/** Where a device stops. */
import type { SilencePoint } from './point.ts';

export const devices: readonly SilencePoint[] = [
  {
    id: 'after-device-code',
    point: 'Stopped after the device code',
    lastSeen: 'a device authorization response',
    nextExpected: 'a poll',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client shows the code and waits for the user to say that it is done.',
        lookAt: "The client's screen.",
      },
      {
        cause: 'It waits for a longer interval than five seconds.',
        lookAt: 'interval in the response.',
      },
      {
        cause: 'It does not understand the response, for instance without verification_uri_complete.',
        when: { response_lacks: 'verification_uri_complete' },
        lookAt: 'The response.',
      },
    ],
  },
  {
    id: 'polling-stopped',
    point: 'Stopped polling',
    lastSeen: 'a poll with authorization_pending or slow_down',
    nextExpected: 'another poll',
    silentAfter: 45,
    causes: [
      {
        cause: 'It decides by the status, which is 403 here.',
        lookAt: 'Status and scenario.',
        rule: 'device.goes-on',
      },
      {
        cause: 'It takes slow_down for a failure.',
        lookAt: 'The last answer.',
        rule: 'device.slow-down',
      },
      {
        cause: 'It waits longer and longer after lost connections.',
        lookAt: 'The times between polls.',
      },
      {
        cause: 'The user gave up.',
        lookAt: "The client's screen.",
      },
    ],
  },
];
