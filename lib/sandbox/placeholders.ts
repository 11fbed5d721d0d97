/** Placeholders in what an owner scripts: `{issuer}`, `{request.state}` and so on. */
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';

/**
 * What stands for a placeholder.
 * @param name without its braces
 * @returns undefined if the name means nothing: the text then stays as it is
 */
export type Placeholders = (name: string) => string | number | null | undefined;

/** `{origin}`, `{base}`, `{issuer}`, `{resource}` and `{prm}` of a sandbox. */
export function addressesOf(tenant: Tenant): Placeholders {
  const base = sandboxBase(tenant);
  const path = base.slice(tenant.origin.length);
  const values = new Map([
    ['origin', tenant.origin],
    ['base', base],
    ['issuer', tenant.issuer],
    ['resource', `${base}/mcp`],
    ['prm', `${tenant.origin}/.well-known/oauth-protected-resource${path}/mcp`],
  ]);
  return (name) => values.get(name);
}

const PLACEHOLDER = /\{([a-z_]+(?:\.[^{}\s]{1,200})?)\}/g;

/** Makes a value fit for the text that it comes into. */
export type Escape = (value: string) => string;
const asItIs: Escape = (value) => value;

/** A text with its placeholders filled in. What is null comes out empty. */
export function fillText(text: string, values: Placeholders, escaped: Escape = asItIs): string {
  if (!text.includes('{')) return text;
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => {
    const value = values(name);
    return value === undefined ? whole : escaped(value === null ? '' : String(value));
  });
}

/** A JSON value with the placeholders in its strings filled in. A string that is one placeholder keeps its type. */
export function fillDeep(value: unknown, values: Placeholders): unknown {
  if (typeof value === 'string') {
    const alone = /^\{([^{}]+)\}$/.exec(value)?.[1];
    const typed = alone === undefined ? undefined : values(alone);
    return typed === undefined ? fillText(value, values) : typed;
  }
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, values));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillDeep(inner, values)]));
  return value;
}
