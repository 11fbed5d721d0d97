/** Every knob of a sandbox, by name. A new one is an entry in a file of this folder, and the code that obeys it. */
import { authorizeKnobs } from './authorize.ts';
import { clientKnobs } from './clients.ts';
import { deviceKnobs } from './device.ts';
import { discoveryKnobs } from './discovery.ts';
import { dpopKnobs } from './dpop.ts';
import { refreshKnobs } from './refresh.ts';
import { resourceKnobs } from './resource.ts';
import { scopeKnobs } from './scopes.ts';
import { serverKnobs } from './server.ts';
import { tokenKnobs } from './tokens.ts';

export const knobs = {
  ...refreshKnobs,
  ...tokenKnobs,
  ...authorizeKnobs,
  ...scopeKnobs,
  ...resourceKnobs,
  ...discoveryKnobs,
  ...clientKnobs,
  ...deviceKnobs,
  ...dpopKnobs,
  ...serverKnobs,
};
