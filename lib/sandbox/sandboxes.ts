/**
 * The sandboxes: made, found, changed, reset, deleted.
 *
 * Found ones are kept in memory if this process is the only one that can change them, so that a
 * request does not wait for the database to learn what it is configured to do.
 */
import { sha256 } from '#lib/oauth/hash.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import { DEFAULT_TTL } from '#lib/spec/lifetimes.ts';
import {
  type ClockSetting,
  type SandboxRecord,
  type Store,
  type TenantStore,
  StoreUnavailableError,
} from '#lib/store/store.ts';
import { REAL_TIME } from './clock.ts';
import { type ConfigOverrides, resolveConfig, type SandboxConfig } from '#lib/config/config.ts';
import { scenarioConfig } from '#lib/config/scenarios/index.ts';
import { createUses } from './uses.ts';

/** The sandbox at the root. */
export const DEFAULT_ID = 'default';
const KEPT = 2_000;
/** Names of what stages count begin with this. */
export const STAGE_COUNTS = 'stage:';
/** How many times a change is tried again because another instance was quicker. */
const ATTEMPTS = 50;

/** A sandbox with its configuration read. */
export interface LiveSandbox {
  readonly record: SandboxRecord;
  readonly config: SandboxConfig;
  /** The origin on which it is alone, at the root; null: it shares one with others. */
  readonly ownOrigin: string | null;
  /** SHA-256 of the control token; for `default` that of the admin token. */
  readonly controlTokenHash: string | null;
  /** Stores of its issuers by scope; made when first asked for. */
  readonly stores: Map<string, TenantStore>;
}

export interface SandboxChange {
  /** The owner's configuration, as a whole. */
  readonly config?: ConfigOverrides;
  /** What stages set, as a whole. */
  readonly staged?: ConfigOverrides;
  /** Ends what stages set. */
  readonly scenario?: string | null;
  readonly clock?: ClockSetting;
  readonly ttl?: number;
}

/** Gives sandboxes an origin of their own. */
export interface Origins {
  /** Opens an origin for a sandbox. @returns it, without a trailing slash */
  open(id: string): Promise<string>;
  close(id: string): Promise<void>;
  originOf(id: string): string | null;
  sandboxAt(origin: string): string | null;
}

export interface Sandboxes {
  /** Whether each sandbox that is made is alone on an origin of its own. */
  readonly ownOrigins: boolean;
  /** The sandbox that lives at the root of an origin: `default`, unless the origin is a sandbox's own. */
  atRootOf(origin: string): string;
  /** Makes one. @returns it with its control token, which is not kept in the clear */
  create(input: {
    config?: ConfigOverrides;
    scenario?: string | null;
    ttl?: number;
    /** 256 random bits; made up unless one is given. */
    controlToken?: string;
  }): Promise<{ sandbox: LiveSandbox; controlToken: string }>;
  /** Makes `default` if there is none, and gives it its configuration if one is set. */
  ensureDefault(config: ConfigOverrides | null): Promise<LiveSandbox>;
  /** The sandbox, or null if there is none or it has expired. Counts as a use. */
  find(id: string): Promise<LiveSandbox | null> | LiveSandbox | null;
  /**
   * Changes a sandbox by what it is at that moment: of changes that come at once none is lost, whichever
   * instance they come to. The configuration overlays that of the scenario, and what stages set overlays both.
   * @param how works out the change; may be asked more than once, and may throw
   * @returns null if there is no such sandbox
   */
  update(id: string, how: (record: SandboxRecord) => SandboxChange): Promise<LiveSandbox | null>;
  delete(id: string): Promise<boolean>;
  /** Forgets everything in it but the owner's configuration and the keys; what stages set ends. */
  reset(id: string): Promise<void>;
  /** Drops what is remembered of it. */
  forget(id: string): void;
}

export interface SandboxesOptions {
  readonly store: Store;
  readonly wall: () => number;
  readonly random: (bytes: number) => string;
  /** Whether this process alone changes the store. */
  readonly alone: boolean;
  readonly adminTokenHash: string | null;
  /** Left out: sandboxes share the origin of the instance. */
  readonly origins?: Origins;
  /** Hears of each sandbox that went for a new one, because the database holds no more. */
  readonly onGone?: (id: string) => void;
}

/** 128 bits in lower case letters and digits: easy to select, safe in a path. */
export function sandboxId(random: (bytes: number) => string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = BigInt(`0x${Buffer.from(random(16), 'base64url').toString('hex')}`);
  let id = '';
  for (let i = 0; i < 26; i += 1) {
    id += alphabet[Number(bits & 31n)];
    bits >>= 5n;
  }
  return id;
}

/** The configuration that is in force. @param own whether the sandbox is alone on its origin */
function configOf({ scenario, config, staged }: SandboxRecord, own: boolean): SandboxConfig {
  return resolveConfig({
    ...scenarioConfig(scenario, own),
    ...(config as ConfigOverrides),
    ...(staged as ConfigOverrides),
  });
}

/** The sandboxes of one store. */
export function createSandboxes(options: SandboxesOptions): Sandboxes {
  const { store, wall, random, alone, adminTokenHash, origins, onGone } = options;
  const kept = new BoundedMap<string, LiveSandbox>(KEPT);
  const uses = createUses(store);
  /** Configurations by the version that they are of: to work one out costs more than to read the record. */
  const configs = new BoundedMap<string, { readonly version: number; readonly config: SandboxConfig }>(KEPT);
  /** Rises with each change, so that a read that began before it is not kept. */
  let changes = 0;

  function keptConfigOf(record: SandboxRecord, own: boolean): SandboxConfig {
    const kept = configs.get(record.id);
    if (kept?.version === record.version) return kept.config;
    const config = configOf(record, own);
    configs.set(record.id, { version: record.version, config });
    return config;
  }

  function live(record: SandboxRecord): LiveSandbox {
    const ownOrigin = origins?.originOf(record.id) ?? null;
    return {
      record,
      ownOrigin,
      config: alone ? configOf(record, ownOrigin !== null) : keptConfigOf(record, ownOrigin !== null),
      controlTokenHash: record.id === DEFAULT_ID ? adminTokenHash : record.controlTokenHash,
      stores: new Map(),
    };
  }

  function keep(sandbox: LiveSandbox): LiveSandbox {
    if (!alone) return sandbox;
    kept.set(sandbox.record.id, sandbox);
    return sandbox;
  }

  function use(sandbox: LiveSandbox, now: number): LiveSandbox {
    uses.note(sandbox.record, now);
    return sandbox;
  }

  /** Forgets sandboxes that the store has deleted. */
  async function letGo(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      changes += 1;
      kept.delete(id);
      uses.forget(id);
      await origins?.close(id);
      onGone?.(id);
    }
  }

  /** Changes of one sandbox that this process makes, one after the other. */
  const updating = new Map<string, Promise<LiveSandbox | null>>();

  async function updateAlone(id: string, how: (record: SandboxRecord) => SandboxChange): Promise<LiveSandbox | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const present = await store.getSandbox(id);
      const now = wall();
      if (present === null || uses.isOver(present, now)) return null;
      const { config, staged, scenario, clock, ttl } = how(present);
      changes += 1;
      const record = await store.updateSandbox(
        id,
        {
          ...(config ? { config } : {}),
          ...(scenario === undefined ? {} : { scenario, staged: {} }),
          ...(staged === undefined ? {} : { staged }),
          ...(clock ? { clock } : {}),
          ...(ttl === undefined ? {} : { ttl, expiresAt: now + ttl * 1000 }),
        },
        { version: present.version },
      );
      changes += 1;
      if (record === null) continue; // Another instance was quicker.
      if (ttl !== undefined) uses.restart(id);
      if (scenario !== undefined) await store.tenant(id).clearCounts(STAGE_COUNTS);
      return keep(live(record));
    }
    throw new Error(`The sandbox ${id} changes all the time.`);
  }

  /** The root, as it was seen the latest if the database is gone: probes are answered all the same. */
  let latestDefault: SandboxRecord | null = null;
  async function readDefault(): Promise<SandboxRecord | null> {
    try {
      latestDefault = await store.getSandbox(DEFAULT_ID);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || latestDefault === null) throw error;
    }
    return latestDefault;
  }

  async function read(id: string): Promise<LiveSandbox | null> {
    const before = changes;
    const record = id === DEFAULT_ID ? await readDefault() : await store.getSandbox(id);
    const now = wall();
    if (record === null || uses.isOver(record, now)) return null;
    const sandbox = live(record);
    return use(before === changes ? keep(sandbox) : sandbox, now);
  }

  return {
    ownOrigins: origins !== undefined,
    atRootOf: (origin) => origins?.sandboxAt(origin) ?? DEFAULT_ID,

    async create({ config = {}, scenario = null, ttl = DEFAULT_TTL, controlToken = random(32) }) {
      const now = wall();
      const record: SandboxRecord = {
        id: sandboxId(random),
        config,
        scenario,
        controlTokenHash: sha256(controlToken),
        secret: random(32),
        clock: REAL_TIME,
        createdAt: now,
        lastUsedAt: now,
        ttl,
        expiresAt: now + ttl * 1000,
        version: 1,
        staged: {},
        configChange: 0,
        epoch: 0,
      };
      await letGo(await store.createSandbox(record, uses.latest));
      await origins?.open(record.id);
      return { sandbox: keep(live(record)), controlToken };
    },

    async ensureDefault(config) {
      const now = wall();
      const wanted: SandboxRecord = {
        id: DEFAULT_ID,
        config: config ?? {},
        scenario: null,
        controlTokenHash: null,
        secret: random(32),
        clock: REAL_TIME,
        createdAt: now,
        lastUsedAt: now,
        ttl: null,
        expiresAt: null,
        version: 1,
        staged: {},
        configChange: 0,
        epoch: 0,
      };
      const present =
        (await store.getSandbox(DEFAULT_ID)) ??
        (await store.createSandbox(wanted).then(
          () => wanted,
          async (error: unknown) => {
            // Of instances that start at once on an empty database, one makes it.
            const made = await store.getSandbox(DEFAULT_ID);
            if (made === null) throw error;
            return made;
          },
        ));
      latestDefault = present;
      if (config !== null && JSON.stringify(config) !== JSON.stringify(present.config)) {
        changes += 1;
        return keep(live((await store.updateSandbox(DEFAULT_ID, { config })) ?? present));
      }
      return keep(live(present));
    },

    find(id) {
      const sandbox = kept.get(id);
      if (sandbox === undefined) return read(id);
      const now = wall();
      if (!uses.isOver(sandbox.record, now)) return use(sandbox, now);
      kept.delete(id);
      return null;
    },

    update(id, how) {
      const before = updating.get(id) ?? Promise.resolve(null);
      const mine = before.then(
        () => updateAlone(id, how),
        () => updateAlone(id, how),
      );
      updating.set(id, mine);
      const done = () => {
        if (updating.get(id) === mine) updating.delete(id);
      };
      mine.then(done, done);
      return mine;
    },

    async delete(id) {
      changes += 1;
      kept.delete(id);
      await origins?.close(id);
      const was = await store.deleteSandbox(id, wall());
      changes += 1;
      kept.delete(id);
      uses.forget(id);
      return was;
    },

    async reset(id) {
      changes += 1;
      kept.delete(id);
      await store.resetSandbox(id, { keepKeys: true, wall: wall() });
      changes += 1;
      await store.updateSandbox(id, { staged: {}, clock: REAL_TIME });
      changes += 1;
      kept.delete(id);
    },

    forget(id) {
      changes += 1;
      kept.delete(id);
    },
  };
}
