/** Where clients fall silent: what came last, what was to come, and the likeliest reasons in order. */
import { authorizing } from './silence-points/authorizing.ts';
import { calling } from './silence-points/calling.ts';
import { connecting } from './silence-points/connecting.ts';
import { devices } from './silence-points/devices.ts';
import type { SilencePoint } from './silence-points/point.ts';

export type { Cause, SilencePoint } from './silence-points/point.ts';

export const silencePoints: readonly SilencePoint[] = [...connecting, ...authorizing, ...calling, ...devices];
