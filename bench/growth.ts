/**
 * Growth: what a request takes that looks something up among 10³ and among 10⁶ codes, clients, tokens and sandboxes,
 * on SQLite and on PostgreSQL. Both sizes stand side by side and take turns, request by request, so that what the
 * machine and the garbage collector do meanwhile falls on both. What is looked up was made by requests, between the
 * rows that are filled in. Requests go to the engine without a socket. `--only sqlite` or `--only postgres` measures
 * one of the two.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Embedded, openEmbedded } from '#lib/server/embedded.ts';
import { postgresPrograms, startPostgres } from '#lib/store/contract/postgres-server.ts';
import { openStore } from '#lib/store/open.ts';
import type { Store } from '#lib/store/store.ts';
import { s256 } from '#lib/testing/client.ts';
import { type Growing, keyOf, postgresRows, sqliteRows } from './growth-rows.ts';

const SIZES = [1_000, 1_000_000] as const;
/** The 99th percentile among the most rows may be this many times that among the fewest. */
const GOAL = 1.2;
const ROUNDS = Number(process.env.BENCH_GROWTH_ROUNDS ?? 20);
/** Things of each kind that are looked up: so many requests in a round. */
const PROBES = 1_000;
/** The rows are filled in slice by slice, with probes between them. */
const SLICES = 8;
/** Lookups through the store alone, in a round. */
const LOOKUPS = 2_000;

/** What one of the requests names. */
interface Probe {
  readonly client: { readonly client_id: string; readonly client_secret: string };
  readonly code: string;
  readonly access: string;
  readonly refresh: string;
  readonly sandbox: string;
}

/** A server over a database with so many rows. */
interface Grown {
  readonly size: number;
  readonly rows: Growing;
  readonly server: Embedded;
  readonly probes: readonly Probe[];
  readonly bytes: number;
}

const form = (parameters: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(parameters).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
const json = (value: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

async function expectStatus(answer: Response, status: number): Promise<Record<string, never>> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${text.slice(0, 300)}`);
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, never>) : {};
}

/** A client with its tokens, a code that is not redeemed, and a sandbox: by the requests that make them. */
async function makeProbe({ fetch, origin }: Embedded): Promise<Probe> {
  const redirect_uris = ['http://127.0.0.1/cb'];
  const registration = { redirect_uris, token_endpoint_auth_method: 'client_secret_post' };
  const client = (await expectStatus(
    await fetch(`${origin}/oauth/register`, json(registration)),
    201,
  )) as unknown as Probe['client'];
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    code_challenge: s256(verifier),
    code_challenge_method: 'S256',
    auto_approve: 'true',
  });
  const authorized = async (): Promise<string> => {
    const answer = await fetch(`${origin}/oauth/authorize?${query}`);
    return new URL(answer.headers.get('location')!).searchParams.get('code')!;
  };
  const { client_id, client_secret } = client;
  const redemption = form({
    grant_type: 'authorization_code',
    code: await authorized(),
    code_verifier: verifier,
    client_id,
    client_secret,
  });
  const tokens = await expectStatus(await fetch(`${origin}/oauth/token`, redemption), 200);
  const sandbox = await expectStatus(await fetch(`${origin}/api/sandboxes`, json({})), 201);
  return {
    client: { client_id, client_secret },
    code: await authorized(),
    access: tokens.access_token!,
    refresh: tokens.refresh_token!,
    sandbox: sandbox.issuer!,
  };
}

async function grow(size: number, rows: Growing): Promise<Grown> {
  const server = await openEmbedded({
    database: rows.url,
    listen: false,
    // Codes are to be there for as long as it takes.
    env: { AUTHWALK_DEFAULT_CONFIG: JSON.stringify({ 'code.lifetime': 3600 }) },
  });
  const probes: Probe[] = [];
  for (let slice = 0; slice < SLICES; slice += 1) {
    await rows.fill(1 + (size / SLICES) * slice, (size / SLICES) * (slice + 1));
    while (probes.length < (PROBES / SLICES) * (slice + 1)) probes.push(await makeProbe(server));
  }
  return { size, rows, server, probes, bytes: await rows.settle() };
}

/** Requests whose answer is held back by a lookup, and by what it costs to check what was found. */
const REQUESTS: Readonly<Record<string, (server: Embedded, probe: Probe) => Promise<void>>> = {
  'a client and its code, whose verifier is wrong': async ({ fetch, origin }, { client, code }) => {
    const wrong = { grant_type: 'authorization_code', code, code_verifier: 'x'.repeat(43), ...client };
    await expectStatus(await fetch(`${origin}/oauth/token`, form(wrong)), 400);
  },
  'a client and its access token: introspection': async ({ fetch, origin }, { client, access }) => {
    const body = await expectStatus(await fetch(`${origin}/oauth/introspect`, form({ token: access, ...client })), 200);
    if (body.active !== (true as never)) throw new Error('The access token is not active.');
  },
  'a client and its refresh token: introspection': async ({ fetch, origin }, { client, refresh }) => {
    const body = await expectStatus(
      await fetch(`${origin}/oauth/introspect`, form({ token: refresh, ...client })),
      200,
    );
    if (body.active !== (true as never)) throw new Error('The refresh token is not active.');
  },
  'a sandbox: its metadata': async ({ fetch }, { sandbox }) => {
    await expectStatus(await fetch(`${sandbox}/.well-known/oauth-authorization-server`), 200);
  },
};

const LOOKUP_KINDS: Readonly<Record<string, (store: Store, key: string) => Promise<unknown>>> = {
  'a sandbox': (store, key) => store.getSandbox(key),
  'a client': (store, key) => store.tenant('default').getClient(key),
  'a code and its grant': (store, key) => store.tenant('default').findCode(key),
  'an access token and its grant': (store, key) => store.tenant('default').getAccessToken(key),
  'a refresh token and its grant': (store, key) => store.tenant('default').findRefreshToken(key),
};

/** µs of each run of one round. */
type Round = Float64Array;

/** The value that so many of all are below. */
function quantile(rounds: readonly Round[], share: number): number {
  const all = new Float64Array(rounds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const round of rounds) {
    all.set(round, at);
    at += round.length;
  }
  all.sort();
  return all[Math.floor(all.length * share)]!;
}

/**
 * The interval in which the ratio of two quantiles lies in 95 of 100 measurements: rounds are drawn anew, with
 * repetition, both sizes of a round together.
 * @see Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13
 */
function interval(few: readonly Round[], many: readonly Round[], share: number): readonly [number, number] {
  const DRAWS = 400;
  const ratios = Array.from({ length: DRAWS }, () => {
    const drawn = few.map(() => Math.floor(Math.random() * few.length));
    const of = (rounds: readonly Round[]): number =>
      quantile(
        drawn.map((at) => rounds[at]!),
        share,
      );
    return of(many) / of(few);
  }).sort((a, b) => a - b);
  return [ratios[Math.floor(DRAWS * 0.025)]!, ratios[Math.floor(DRAWS * 0.975)]!];
}

/**
 * One row of a table: both sizes in turn, run by run; who begins changes each time.
 * @returns how many times the 99th percentile is
 */
async function compare(
  kind: string,
  count: number,
  run: (at: 0 | 1, nth: number) => Promise<unknown>,
): Promise<number> {
  const rounds: [Round[], Round[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const times = [new Float64Array(count), new Float64Array(count)] as const;
    for (let nth = 0; nth < count; nth += 1)
      for (const at of (nth + round) % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const began = performance.now();
        await run(at, round * count + nth);
        times[at][nth] = (performance.now() - began) * 1000;
      }
    // The first round warms up.
    if (round > 0) for (const at of [0, 1] as const) rounds[at].push(times[at]);
  }
  const row = [0.5, 0.99].flatMap((share) => {
    const [few, many] = [quantile(rounds[0], share), quantile(rounds[1], share)];
    return [few.toFixed(0), many.toFixed(0), (many / few).toFixed(2)];
  });
  const [from, to] = interval(rounds[0], rounds[1], 0.99);
  console.log(`| ${kind} | ${row.join(' | ')} | ${from.toFixed(2)} to ${to.toFixed(2)} |`);
  return quantile(rounds[1], 0.99) / quantile(rounds[0], 0.99);
}

let missed = 0;

async function report(name: string, grown: readonly [Grown, Grown]): Promise<void> {
  const heading = (what: string): void => {
    console.log(
      `\n| ${what} | p50 among 10³, µs | among 10⁶ | times | p99 among 10³, µs | among 10⁶ | times | 95 of 100 runs |`,
    );
    console.log('|---|---|---|---|---|---|---|---|');
  };
  const sizes = grown.map(({ size, bytes }) => `${size} of each take ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  console.log(`\n${name}: ${sizes.join(', ')}.`);
  heading('request that finds');
  for (const [kind, ask] of Object.entries(REQUESTS)) {
    const times = await compare(kind, PROBES, (at, nth) =>
      ask(grown[at].server, grown[at].probes[(nth * 7) % PROBES]!),
    );
    if (times > GOAL) missed += 1;
  }
  for (const { server } of grown) await server.close();
  heading('lookup alone, in the store');
  const stores = [await openStore(grown[0].rows.url), await openStore(grown[1].rows.url)] as const;
  for (const [kind, look] of Object.entries(LOOKUP_KINDS))
    await compare(kind, LOOKUPS, async (at, nth) => {
      const n = ((nth + 2) * 48_271 * 7_919) % 2_147_483_647;
      if ((await look(stores[at], keyOf(1 + (n % grown[at].size)))) === null) throw new Error('Nothing was found.');
    });
  for (const store of stores) await store.close();
  for (const { rows } of grown) await rows.close();
}

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const folder = mkdtempSync(join(tmpdir(), 'authwalk-growth-'));
try {
  if (only !== 'postgres')
    await report('SQLite', [
      await grow(SIZES[0], sqliteRows(folder, SIZES[0])),
      await grow(SIZES[1], sqliteRows(folder, SIZES[1])),
    ]);
  const programs = postgresPrograms();
  if (programs === null) console.log('\nPostgreSQL is not installed here: not measured.');
  else if (only !== 'sqlite') {
    const server = await startPostgres(programs);
    try {
      await report('PostgreSQL', [
        await grow(SIZES[0], await postgresRows(server.url, SIZES[0])),
        await grow(SIZES[1], await postgresRows(server.url, SIZES[1])),
      ]);
    } finally {
      await server.stop();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\nGoal: the 99th percentile of a request within ${GOAL} times. ${missed} missed.`);
process.exit(missed > 0 ? 1 : 0);
