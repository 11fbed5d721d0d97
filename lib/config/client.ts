/** A pre-registered client, as the knob `clients` and the seed of a sandbox have it. */
import { z } from 'zod';
import { AUTH_METHODS } from './values.ts';

export const preRegisteredClient = z.strictObject({
  client_id: z.string().min(1).max(200),
  client_secret: z.string().min(1).max(200).optional(),
  auth_method: z.enum(AUTH_METHODS),
  redirect_uris: z.array(z.string().max(2000)).max(20).optional(),
  grant_types: z.array(z.string().max(100)).max(20).optional(),
  scope: z.string().max(2000).optional(),
  resource: z.string().max(2000).optional(),
  jwks: z.record(z.string(), z.json()).optional(),
});
