/** Values that several knobs take, and that the engine shares with the configuration. */
import { z } from 'zod';

/** Seconds, up to a year. */
export const seconds = z.number().int().min(0).max(31_536_000);

export const scopeToken = z
  .string()
  .regex(
    /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/,
    'a scope token: printable ASCII without spaces, double quotes and backslashes',
  );
export const scopeList = z.array(scopeToken).max(50);

/** An email address, as far as its form tells: something before and something after one `@`. */
export const EMAIL_ADDRESS = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u;

/** A JSON merge patch over an object. @see https://www.rfc-editor.org/rfc/rfc7396 */
export const mergePatchSchema = z.record(z.string().max(200), z.json());

/** Grants that the knob `grants` names. */
export const GRANTS = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'device_code',
  'token-exchange',
  'jwt-bearer',
] as const;

/** Methods of client authentication. */
export const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;

/** Algorithms that keys of a key set sign with. */
export const SIGNING_ALGS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const;

/** Revisions of MCP that the MCP servers speak. */
export const MCP_REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;

/** Further issuers that a sandbox can open. */
export const FURTHER_ISSUERS = ['as2', 'idp'] as const;
