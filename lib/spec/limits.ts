/** Bounds that several rooms name. */
import type { EndpointName } from './endpoints.ts';

/**
 * KiB of what a client publishes (its metadata document, its keys) at most. The draft of the documents recommends 5 kB;
 * what other servers take, up to this, is taken too.
 */
export const CLIENT_DOCUMENT_KIB = 64;

/** Requests a minute and address that a public instance answers. A sandbox can only lower them (knob `limits`). */
export const INSTANCE_LIMITS = {
  register: 120,
  registration: 120,
  authorize: 300,
  par: 300,
  token: 600,
  introspect: 600,
  revoke: 600,
  device: 120,
  activate: 60,
  userinfo: 600,
  logout: 300,
  mcp: 1200,
  bearer: 1200,
  'no-auth': 1200,
  resource: 1200,
  'admin-resource': 1200,
} as const satisfies Partial<Record<EndpointName, number>>;

const HIGHEST = Math.max(...Object.values(INSTANCE_LIMITS));

/**
 * Whether a limit would let more through than the instance does.
 * @param endpoint `*` stands for all that have no limit of their own
 * @param seconds the window
 */
export function isAboveInstance(endpoint: EndpointName | '*', requests: number, seconds: number): boolean {
  const limits: Partial<Record<EndpointName, number>> = INSTANCE_LIMITS;
  const own = endpoint === '*' ? HIGHEST : (limits[endpoint] ?? HIGHEST);
  return (requests * 60) / seconds > own;
}
