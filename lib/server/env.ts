/**
 * The configuration by environment: read once, held to its bounds, and refused with one line for
 * each fault, so that nobody runs a server that is not what they think it is.
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import type { ConfiguredProviders } from '#lib/social/providers.ts';
import { isLoopbackHost } from '#lib/spec/loopback.ts';
import { LIMITS } from '#lib/store/limits.ts';
import { PROVIDER_IDS, type ProviderId } from '#lib/spec/sign-in-providers.ts';
import { type DefaultSetup, readSetup, readSetupText, type SetupText } from './default-setup.ts';

export interface Env {
  readonly port: number;
  /** null: loopback only, both families. */
  readonly host: string | null;
  readonly publicUrl: string | null;
  readonly isPublic: boolean;
  readonly databaseUrl: string;
  readonly adminToken: string | null;
  readonly defaultSetup: DefaultSetup | null;
  readonly rateLimits: boolean;
  readonly trustProxy: number;
  /** Host names in lower case that count as loopback. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Further origins that a local instance takes. */
  readonly allowedOrigins: readonly string[];
  /** How each line of the log is written. */
  readonly log: 'text' | 'json';
  /** The real providers that users of `default` may sign in with. */
  readonly providers: ConfiguredProviders;
  /** Whether webhooks are delivered and events taken; on a public instance only if the operator says so. */
  readonly events: boolean;
  /** Sandboxes that the database holds at most, `default` included. */
  readonly maxSandboxes: number;
  /** Processes that answer requests. */
  readonly workers: number;
  /** `AUTHWALK_INSTANCE=personal`. */
  readonly isPersonal: boolean;
  /** Lines that the start prints: what works, and should be known. */
  readonly warnings: readonly string[];
}

/** Thrown where the environment is not fit to start with. */
export class EnvError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'EnvError';
    this.faults = faults;
  }
}

export interface EnvOptions {
  /** Reads a file; for tests. */
  readonly read?: (path: string) => string;
  /** What the user typed in place of a variable, such as `--config`: faults say that name. */
  readonly named?: { readonly AUTHWALK_DEFAULT_CONFIG?: string };
  /** Makes the admin token of a personal instance; for tests. */
  readonly random?: () => string;
}

/** Variables whose value is a secret: a fault does not repeat it. */
const SECRET: ReadonlySet<string> = new Set(['AUTHWALK_ADMIN_TOKEN', 'DATABASE_URL', 'AUTHWALK_DEFAULT_CONFIG']);

/** Characters of an admin token that nobody guesses. */
const SAFE_TOKEN = 16;

const host = z
  .string()
  .refine((value) => isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(value));
const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

/** An origin: scheme and host, no path, no trailing slash. */
const origin = z.string().refine((value) => {
  if (!/^https?:\/\/[^/?#@\s]+$/.test(value) || !URL.canParse(value)) return false;
  return new URL(value).origin === value;
});

/** Names of a network of one's own: a single label, or a name below a domain that nobody can register. */
const ALLOWED_HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:(?:\.[a-z0-9-]{1,63})*\.(?:localhost|local|internal|test))?$/;
/** Whether a host is a name, and no IPv4 address in another spelling: 134744072 is 8.8.8.8. */
const isName = (host: string): boolean => URL.canParse(`http://${host}`) && new URL(`http://${host}`).hostname === host;
/** `null`, an origin, or every origin of a scheme that no web page has. */
const ALLOWED_ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+|(?!https?:)[a-z][a-z0-9+.-]*:\/\/\*)$/;

/** A list whose entries are separated by commas or spaces, in lower case. */
const list = (entry: RegExp) =>
  z
    .string()
    .transform((value) => [
      ...new Set(
        value
          .toLowerCase()
          .split(/[\s,]+/)
          .filter((one) => one !== ''),
      ),
    ])
    .refine((entries) => entries.length <= 100 && entries.every((one) => entry.test(one)));

const variables = {
  PORT: { takes: 'a port from 0 to 65535', schema: integer(0, 65_535) },
  HOST: { takes: 'an address or a host name to listen on, such as 0.0.0.0', schema: host },
  PUBLIC_URL: {
    takes:
      'an origin without a trailing slash, such as https://walk.example.com, as a browser writes it ' +
      '(lower case, no default port)',
    schema: origin,
  },
  AUTHWALK_ADMIN_TOKEN: {
    takes: 'characters of A-Z, a-z, 0-9, -, ., _, ~, +, /, at most 512',
    schema: z.string().regex(/^[A-Za-z0-9._~+/-]{1,512}=*$/),
  },
  AUTHWALK_RATE_LIMITS: { takes: 'on or off', schema: z.enum(['on', 'off']) },
  AUTHWALK_ALLOWED_HOSTS: {
    takes:
      'host names separated by commas: single labels such as authwalk, or names below .localhost, ' +
      '.local, .internal or .test',
    schema: list(ALLOWED_HOST).refine((names) => names.every(isName)),
  },
  AUTHWALK_ALLOWED_ORIGINS: {
    takes:
      'origins separated by commas, such as https://app.example.com, tauri://localhost, vscode-webview://*, or null',
    schema: list(ALLOWED_ORIGIN),
  },
  AUTHWALK_INSTANCE: { takes: 'hosted or personal', schema: z.enum(['hosted', 'personal']) },
  AUTHWALK_EVENTS: { takes: 'on or off', schema: z.enum(['on', 'off']) },
  AUTHWALK_LOG: { takes: 'text or json', schema: z.enum(['text', 'json']) },
  AUTHWALK_MAX_SANDBOXES: {
    takes: 'how many sandboxes the database holds, from 10 to 1000000',
    schema: integer(10, 1_000_000),
  },
  AUTHWALK_WORKERS: { takes: 'how many processes answer requests, from 1 to 64', schema: integer(1, 64) },
  TRUST_PROXY: { takes: 'how many proxies to believe, from 0 to 20', schema: integer(0, 20) },
} as const;

function shown(name: string, value: string): string {
  return SECRET.has(name)
    ? `${value.length} characters`
    : JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value);
}

/**
 * Reads the environment. Empty variables count as unset.
 * @throws EnvError with one line per fault: the variable, what it holds, and what it takes
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>, options: EnvOptions = {}): Env {
  const faults: string[] = [];
  const values: { [name in keyof typeof variables]?: z.output<(typeof variables)[name]['schema']> } = {};
  for (const [name, { schema, takes }] of Object.entries(variables)) {
    const value = source[name];
    if (value === undefined || value === '') continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) (values as Record<string, unknown>)[name] = parsed.data;
    else faults.push(`${name} holds ${shown(name, value)}; it takes ${takes}.`);
  }
  const databaseUrl = readDatabaseUrl(source.DATABASE_URL, faults);
  const publicUrl = values.PUBLIC_URL ?? null;
  const setupName = options.named?.AUTHWALK_DEFAULT_CONFIG;
  const setup = readSetupText(source.AUTHWALK_DEFAULT_CONFIG, { ...options, name: setupName }, faults);
  const allowedHosts = new Set([
    ...(values.AUTHWALK_ALLOWED_HOSTS ?? []),
    ...(setup === null ? [] : readAllowedHosts(setup, faults)),
  ]);
  const allowedOrigins = values.AUTHWALK_ALLOWED_ORIGINS ?? [];
  const isPublic = publicUrl !== null && !isLoopbackHost(new URL(publicUrl).hostname, allowedHosts);
  const isPersonal = values.AUTHWALK_INSTANCE === 'personal';
  const warnings: string[] = [];
  const providers = readProviders(source, faults);
  if (allowedOrigins.includes('null'))
    warnings.push('AUTHWALK_ALLOWED_ORIGINS holds null: any page in a sandboxed frame may send requests here.');
  let adminToken = values.AUTHWALK_ADMIN_TOKEN ?? null;
  if (adminToken !== null && adminToken.length < SAFE_TOKEN) {
    const says = `AUTHWALK_ADMIN_TOKEN holds ${adminToken.length} characters`;
    if (isPublic || isPersonal)
      faults.push(`${says}; it takes at least ${SAFE_TOKEN} where others can reach this instance.`);
    else warnings.push(`${says}, which can be guessed; ${SAFE_TOKEN} random ones cannot.`);
  }
  if (isPersonal && adminToken === null) {
    adminToken = (options.random ?? (() => randomBytes(24).toString('base64url')))();
    warnings.push(`AUTHWALK_ADMIN_TOKEN is unset; until the next start it is ${adminToken}`);
  }
  const defaultSetup = setup === null ? null : readSetup(setup, isPublic, faults);
  const workers = values.AUTHWALK_WORKERS ?? 1;
  if (workers > 1 && databaseUrl === ':memory:')
    faults.push(
      `AUTHWALK_WORKERS holds ${workers}, but workers share nothing with DATABASE_URL=:memory:; ` +
        'it takes 1, or DATABASE_URL a file.',
    );
  if (faults.length > 0) throw new EnvError(faults);

  return {
    port: values.PORT ?? 3000,
    host: values.HOST ?? null,
    publicUrl,
    isPublic,
    databaseUrl,
    adminToken,
    defaultSetup,
    rateLimits:
      values.AUTHWALK_RATE_LIMITS === undefined ? isPublic && !isPersonal : values.AUTHWALK_RATE_LIMITS === 'on',
    trustProxy: values.TRUST_PROXY ?? 0,
    allowedHosts,
    allowedOrigins,
    isPersonal,
    maxSandboxes: values.AUTHWALK_MAX_SANDBOXES ?? LIMITS.sandboxes,
    workers,
    providers,
    events: values.AUTHWALK_EVENTS === undefined ? !isPublic : values.AUTHWALK_EVENTS === 'on',
    log: values.AUTHWALK_LOG ?? 'text',
    warnings,
  };
}

/** The list in the configuration of `default` takes what its variable takes. */
function readAllowedHosts({ holds, allowedHosts = [] }: SetupText, faults: string[]): readonly string[] {
  const { schema, takes } = variables.AUTHWALK_ALLOWED_HOSTS;
  const listed = z.array(z.string()).safeParse(allowedHosts);
  const parsed = listed.success ? schema.safeParse(listed.data.join(',')) : listed;
  if (!parsed.success) faults.push(`${holds} with faults in allowedHosts; it takes a list of ${takes}.`);
  return parsed.success ? (parsed.data as string[]) : [];
}

/** What providers gave the operator: `AUTHWALK_GOOGLE_CLIENT_ID` and its siblings. */
function readProviders(source: Readonly<Record<string, string | undefined>>, faults: string[]): ConfiguredProviders {
  const found: Record<string, ConfiguredProviders[ProviderId]> = {};
  for (const id of PROVIDER_IDS) {
    const prefix = `AUTHWALK_${id.toUpperCase()}`;
    const clientId = source[`${prefix}_CLIENT_ID`] || undefined;
    const clientSecret = source[`${prefix}_CLIENT_SECRET`] || undefined;
    if (clientId === undefined && clientSecret === undefined) continue;
    if (clientId === undefined || clientSecret === undefined)
      faults.push(
        `${prefix}_CLIENT_${clientId === undefined ? 'ID' : 'SECRET'} is unset; a provider needs both its client ` +
          'identifier and its secret.',
      );
    else found[id] = { clientId, clientSecret };
  }
  const tenant = source.AUTHWALK_MICROSOFT_TENANT || undefined;
  if (tenant !== undefined && !/^[A-Za-z0-9.-]{1,100}$/.test(tenant))
    faults.push(
      `AUTHWALK_MICROSOFT_TENANT holds ${shown('', tenant)}; it takes common, a domain or the id of a tenant.`,
    );
  else if (tenant !== undefined && found.microsoft) found.microsoft = { ...found.microsoft, tenant };
  return found;
}

function readDatabaseUrl(value: string | undefined, faults: string[]): string {
  if (value === undefined || value === '') return 'file:./.data/authwalk.db';
  if (value === ':memory:' || /^file:./.test(value)) return value;
  if (/^postgres(?:ql)?:\/\/./.test(value) && URL.canParse(value)) return value;
  faults.push(
    `DATABASE_URL holds ${JSON.stringify(value.replace(/:\/\/.*/, '://...').slice(0, 60))}; it takes ` +
      'file:PATH, :memory: or postgres://...',
  );
  return value;
}
