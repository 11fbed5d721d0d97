/** The knob `patch`: edits of a successful JSON answer just before it leaves. */
import { mergePatch } from '#lib/fetch/merge-patch.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';

type Json = unknown;

/** Puts the sandbox's addresses in the place of `{origin}`, `{base}`, `{issuer}`, `{resource}` and `{prm}`. */
export function fillPlaceholders(text: string, tenant: Tenant): string {
  if (!text.includes('{')) return text;
  const base = sandboxBase(tenant);
  const path = base.slice(tenant.origin.length);
  const values: Readonly<Record<string, string>> = {
    origin: tenant.origin,
    base,
    issuer: tenant.issuer,
    resource: `${base}/mcp`,
    prm: `${tenant.origin}/.well-known/oauth-protected-resource${path}/mcp`,
  };
  return text.replaceAll(/\{(origin|base|issuer|resource|prm)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The same in every string of a value. */
export function fillDeep(value: Json, tenant: Tenant): Json {
  if (typeof value === 'string') return fillPlaceholders(value, tenant);
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, tenant));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillDeep(inner, tenant)]));
  return value;
}

/** The patch that concerns an endpoint, or undefined. The patch of `as-metadata` is for the sandbox's own issuer alone. */
export function patchFor(tenant: Tenant, endpoint: string): Readonly<Record<string, Json>> | undefined {
  const patches = tenant.config.patch as Readonly<Record<string, Readonly<Record<string, Json>> | undefined>>;
  if (endpoint === 'as-metadata' && tenant.base !== sandboxBase(tenant)) return undefined;
  return Object.hasOwn(patches, endpoint) ? patches[endpoint] : undefined;
}

/** The answer with the patch applied; as it was where it is no successful JSON object. */
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
  return new Response(JSON.stringify(mergePatch(value, fillDeep(patch, tenant))), { status: response.status, headers });
}
