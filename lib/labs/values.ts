import type { SandboxRef } from '#lib/client/sandboxes.ts';
import { headerOf, parseObject } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { storageCheck } from './checks.ts';
import { forge } from './forge.ts';
import { carriedBy, fillWith, type Values } from './requests.ts';
import type { Act, ClientSwitches, LabCheck } from './types.ts';

/** What an act made, or the names that it lacked: then it made nothing. */
export interface Outcome {
  readonly made: Record<string, string>;
  readonly missing: readonly string[];
  readonly checks: readonly LabCheck[];
}

const made = (values: Record<string, string>, checks: readonly LabCheck[] = []): Outcome => ({
  made: values,
  missing: [],
  checks,
});
const lacks = (missing: readonly string[]): Outcome => ({ made: {}, missing, checks: [] });

/** What both sides know from the start. @param origin of the page, without a trailing slash */
export function givenValues(origin: string, { base, mcp }: SandboxRef): Record<string, string> {
  return {
    origin,
    base,
    issuer: base,
    mcp_url: mcp.oauth,
    other_mcp_url: `${base}/oauth`,
    resource: mcp.oauth,
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
    jwks_uri: `${base}/.well-known/jwks.json`,
    as_metadata_url: `${base}/.well-known/oauth-authorization-server`,
    client_id: 'notebook',
    client_metadata_url: `${origin}/client-metadata.json`,
    redirect_uri: `${origin}/guide/callback`,
  };
}

/** Values of an answer: members of its JSON, or what its redirect carries. */
export function broughtBy(brings: Extract<Act, { act: 'send' }>['brings'], exchange: Exchange): Record<string, string> {
  if (!brings || (exchange.response?.status ?? 500) >= 400) return {};
  const names = Array.isArray(brings) ? brings.map((name: string) => [name, name] as const) : Object.entries(brings);
  const body = parseObject(exchange.response?.body ?? null) ?? {};
  const carried = carriedBy(headerOf(exchange.response, 'location'));
  return Object.fromEntries(
    names.flatMap(([own, name]) => {
      const value = name === '*' ? exchange.response?.body : (body[name] ?? carried[name]);
      return typeof value === 'string' ? [[own, value]] : [];
    }),
  );
}

/** What one side sees of the other. @param shown the values that can be seen */
export function seenOf({ takes }: Extract<Act, { act: 'sees' }>, shown: Values): Outcome {
  const missing = Object.values(takes).filter((name) => shown[name] === undefined);
  if (missing.length > 0) return lacks(missing);
  return made(Object.fromEntries(Object.entries(takes).map(([own, name]) => [own, shown[name]!])));
}

/** What the attacker's link carries: the values of her own request. */
export function linkOf(attacker: Values): Record<string, string> {
  const kept = Object.entries(attacker).filter(([name]) => name.startsWith('own_'));
  return Object.fromEntries(kept.map(([name, value]) => [name.slice('own_'.length), value ?? '']));
}

/** The token that the attacker forges of one that she holds. */
export async function forged(act: Extract<Act, { act: 'forge' }>, attacker: Values): Promise<Outcome> {
  const { access_token: like, keys } = attacker;
  const needed = ['access_token', ...(act.how === 'hmac-with-public-key' ? ['keys'] : [])];
  const missing = needed.filter((name) => attacker[name] === undefined);
  if (missing.length > 0 || like === undefined) return lacks(missing);
  const claims = Object.fromEntries(Object.entries(act.claims).map(([name, text]) => [name, fillWith(text, attacker)]));
  return made({ [act.as]: await forge(act.how, { like, claims, header: act.header ?? {}, keys: keys ?? null }) });
}

export interface PageStorage {
  readonly lab: string;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly tokens: ClientSwitches['tokens'];
}

/** The page keeps what its client gives it: with a backend, no token. A script reads what the page has. */
export function stored(
  { does, values }: Extract<Act, { act: 'store' }>,
  { lab, storage, tokens }: PageStorage,
  victim: Values,
): Outcome {
  const key = (name: string): string => `authwalk.lab.${lab}.${name}`;
  const missing = does === 'keep' ? values.filter((name) => victim[name] === undefined) : [];
  if (missing.length > 0) return lacks(missing);
  const found: Record<string, string> = {};
  for (const name of values) {
    const value = does === 'keep' ? victim[name]! : storage.getItem(key(name));
    storage.removeItem(key(name));
    if (value === null || (does === 'keep' && tokens === 'backend')) continue;
    if (does === 'keep') storage.setItem(key(name), value);
    found[name] = value;
  }
  return made(found, does === 'keep' ? [] : [storageCheck(found)]);
}
