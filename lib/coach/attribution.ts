/**
 * Which exchanges are whose. What ties an exchange to a client for certain is a value that only this client has: the
 * grant behind a token, a client identifier, the consent page of a request. Requests that name nobody belong to the one
 * client there is; if there are several, they count in favour of each and against none.
 */
import { SIMULATED_CLIENT, UPSTREAM_AGENT } from '#lib/spec/sign-in-providers.ts';
import { interactionOf } from '#lib/exchange/read.ts';
import type { Ledger } from './ledger.ts';
import type { Seen } from './seen.ts';
import { textOf, textsOf } from './seen.ts';

/** A client as the ledger shows it: every exchange that is its own for certain. */
export interface Identity {
  readonly id: string;
  readonly clientIds: readonly string[];
  readonly name: string | null;
  readonly userAgents: readonly string[];
  /** Whether identifiers were joined because their registrations look alike. */
  readonly joined: boolean;
  readonly own: ReadonlySet<Seen>;
}

export interface Attribution {
  readonly clients: readonly Identity[];
  /** Exchanges that name nobody, in order of time. */
  readonly unnamed: readonly Seen[];
}

class Groups {
  readonly #parent = new Map<string, string>();
  find(key: string): string {
    let root = key;
    for (let next = this.#parent.get(root); next !== undefined && next !== root; next = this.#parent.get(root))
      root = next;
    for (let at = key; at !== root; ) {
      const next = this.#parent.get(at) ?? root;
      this.#parent.set(at, root);
      at = next;
    }
    if (!this.#parent.has(root)) this.#parent.set(root, root);
    return root;
  }
  join(a: string, b: string): void {
    this.#parent.set(this.find(b), this.find(a));
  }
}

/** Whether an exchange belongs to no client: it is of the sandbox's own pages, the guide or a holder of the token. */
function isNobodys(seen: Seen, origin: string, ownInteractions: ReadonlySet<string>): boolean {
  // The sandbox itself, as a client of its simulated provider.
  if (seen.header('user-agent') === UPSTREAM_AGENT) return true;
  if (SIMULATED_CLIENT.test(seen.param('client_id') ?? seen.exchange.client.clientId ?? '')) return true;
  if (/^bearer not-kept$/i.test(seen.header('authorization') ?? '') || seen.query.has('control_token')) return true;
  if (seen.header('sec-fetch-site') === 'same-origin' && seen.header('sec-fetch-mode') !== 'navigate') return true;
  if (seen.endpoint !== 'mcp' && seen.param('redirect_uri') === `${origin}/guide/callback`) return true;
  const interaction = interactionOf(seen.exchange);
  return interaction !== null && ownInteractions.has(interaction);
}

/** Whose credentials and parameters are not those of the client that is graded. */
const NAMES_NOBODY: ReadonlySet<string> = new Set(['introspect', 'mcp']);

/** The values that tie an exchange to one client for certain. */
function keysOf(seen: Seen): string[] {
  const keys: string[] = [];
  const add = (kind: string, value: string | null | undefined): void => {
    if (value) keys.push(`${kind} ${value}`);
  };
  const { exchange, endpoint } = seen;
  if (exchange.client.claimed !== true) add('id', exchange.client.clientId);
  if (endpoint === 'introspect') return keys;
  // A call names no client, but by its token: its body and its credentials are for the server behind it.
  if (endpoint !== 'mcp') add('id', seen.param('client_id') ?? seen.basic?.id);
  add('grant', exchange.grantId);
  add('access', seen.token?.token);
  const interaction = interactionOf(exchange);
  add('interaction', interaction);
  if (
    endpoint === 'token' ||
    endpoint === 'revoke' ||
    endpoint === 'device' ||
    endpoint === 'register' ||
    endpoint === 'registration'
  ) {
    add('refresh', seen.param('refresh_token'));
    add('code', seen.param('code'));
    add('device', seen.param('device_code'));
    const { answer } = seen;
    add('access', textOf(answer, 'access_token'));
    add('refresh', textOf(answer, 'refresh_token'));
    add('device', textOf(answer, 'device_code'));
    add('access', textOf(answer, 'registration_access_token'));
    add('id', endpoint === 'register' ? textOf(answer, 'client_id') : null);
  }
  if (endpoint === 'authorize' || endpoint === 'consent') add('code', seen.redirect?.parameters.get('code'));
  if (endpoint === 'par') add('request', textOf(seen.answer, 'request_uri'));
  if (endpoint === 'authorize') add('request', seen.query.get('request_uri'));
  return keys;
}

/** Placeholders tie nothing. */
const PLACEHOLDER = /^(?:code|access|refresh|device|id) (?:undefined|null|none|nil|nan|\[object object\]|not-kept)$/i;

/** Sorts the exchanges of a ledger by client. */
export function attribute(ledger: Ledger): Attribution {
  const { origin } = ledger.input.sandbox;
  const groups = new Groups();
  const keysBySeen = new Map<Seen, string>();
  const unnamed: Seen[] = [];
  const nobodys = new Set<string>();
  const ownInteractions = new Set<string>();
  for (const seen of ledger.all) {
    const keys = keysOf(seen).filter((key) => !PLACEHOLDER.test(key));
    if (isNobodys(seen, origin, ownInteractions)) {
      const interaction = interactionOf(seen.exchange);
      if (interaction !== null) ownInteractions.add(interaction);
      for (const key of keys) if (!key.startsWith('interaction')) nobodys.add(key);
      for (const key of keys.slice(1)) groups.join(keys[0]!, key);
      continue;
    }
    const [first] = keys;
    if (first === undefined) {
      if (!isVisit(seen)) unnamed.push(seen);
      continue;
    }
    for (const key of keys.slice(1)) groups.join(first, key);
    keysBySeen.set(seen, first);
  }
  const joined = joinAlike(ledger, groups);
  const nobodysRoots = new Set([...nobodys].map((key) => groups.find(key)));
  const byRoot = new Map<string, Seen[]>();
  for (const [seen, key] of keysBySeen) {
    const root = groups.find(key);
    if (nobodysRoots.has(root)) continue;
    const members = byRoot.get(root);
    if (members === undefined) byRoot.set(root, [seen]);
    else members.push(seen);
  }
  const clients: Identity[] = [];
  for (const [root, members] of byRoot) {
    // An API that only asks about tokens is no client of this kind.
    if (members.some(({ endpoint }) => endpoint === 'introspect') && !members.some(isClients)) continue;
    // A token that nobody here issued names nobody.
    const clientIds = idsOf(members);
    if (clientIds.length === 0 && !members.some((seen) => ledger.byAccess.has(seen.token?.token ?? ''))) {
      unnamed.push(...members);
      continue;
    }
    clients.push({
      id: '',
      clientIds,
      name: nameOf(ledger, members, clientIds),
      userAgents: agentsOf(members),
      joined: joined.has(root),
      own: new Set(members),
    });
  }
  unnamed.sort((a, b) => a.start - b.start || a.seq - b.seq);
  return { clients: clients.map((client, index) => ({ ...client, id: `c${index + 1}` })), unnamed };
}

/** A person who opens an address in a browser, as they do to see what is there. */
function isVisit(seen: Seen): boolean {
  return seen.header('sec-fetch-mode') === 'navigate' && seen.endpoint !== 'authorize' && seen.endpoint !== 'consent';
}

function isClients({ endpoint }: Seen): boolean {
  return endpoint === 'authorize' || endpoint === 'mcp' || endpoint === 'device';
}

function idsOf(members: readonly Seen[]): string[] {
  const ids = new Set<string>();
  for (const seen of members) {
    const id =
      (seen.exchange.client.claimed === true ? null : seen.exchange.client.clientId) ??
      (NAMES_NOBODY.has(seen.endpoint) ? null : (seen.param('client_id') ?? seen.basic?.id ?? null));
    if (id) ids.add(id);
  }
  return [...ids];
}

function agentsOf(members: readonly Seen[]): string[] {
  const agents = new Set<string>();
  for (const { exchange } of members)
    if (exchange.from === 'client' && exchange.client.userAgent !== null) agents.add(exchange.client.userAgent);
  return [...agents].slice(0, 20);
}

function nameOf(ledger: Ledger, members: readonly Seen[], ids: readonly string[]): string | null {
  for (const id of ids) {
    const name = ledger.clients.get(id)?.name;
    if (name) return name;
  }
  return members.find(({ exchange }) => exchange.client.name !== null)?.exchange.client.name ?? null;
}

/** Registrations that say the same of their client, from the same place: one client that registered again. */
function joinAlike(ledger: Ledger, groups: Groups): ReadonlySet<string> {
  const first = new Map<string, string>();
  const joined: string[] = [];
  for (const { seen, asked, clientId } of ledger.registrations) {
    const uris = (textsOf(asked, 'redirect_uris') ?? []).map((uri) =>
      uri.replace(/^(http:\/\/[^/:]+|http:\/\/\[[^\]]*\]):\d+/, '$1'),
    );
    const { userAgent, connection } = seen.exchange.client;
    const address = connection?.replace(/#.*$/, '') ?? '';
    const alike = JSON.stringify([textOf(asked, 'client_name'), uris, userAgent, address]);
    const key = `id ${clientId}`;
    const before = first.get(alike);
    if (before === undefined) first.set(alike, key);
    else if (groups.find(before) !== groups.find(key)) {
      groups.join(before, key);
      joined.push(before);
    }
  }
  return new Set(joined.map((key) => groups.find(key)));
}
