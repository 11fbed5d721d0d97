/** The knob `patch`: edits of a successful JSON answer just before it leaves. */
import { mergePatch } from '#lib/fetch/merge-patch.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';
import { addressesOf, fillDeep } from './placeholders.ts';

type Json = unknown;

/**
 * The patch that concerns an endpoint, or undefined. The patch of `as-metadata` is for the sandbox's own issuer
 * alone.
 */
export function patchFor(tenant: Tenant, endpoint: string): Readonly<Record<string, Json>> | undefined {
  const patches = tenant.config.patch as Readonly<Record<string, Readonly<Record<string, Json>> | undefined>>;
  if (endpoint === 'as-metadata' && tenant.base !== sandboxBase(tenant)) return undefined;
  return Object.hasOwn(patches, endpoint) ? patches[endpoint] : undefined;
}

/** The answer with the patch applied; as it was if it is no successful JSON object. */
export async function applyPatch(
  response: Response,
  patch: Readonly<Record<string, Json>>,
  tenant: Tenant,
): Promise<Response> {
  if (!response.ok || !(response.headers.get('content-type') ?? '').includes('json')) return response;
  const text = await response.text();
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return new Response(text, response);
  }
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(JSON.stringify(mergePatch(value, fillDeep(patch, addressesOf(tenant)))), {
    status: response.status,
    headers,
  });
}
