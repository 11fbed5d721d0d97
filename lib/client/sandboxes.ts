/** The control API across sandboxes: to make them, read their records, and change them. */
import { type Fetch, requestJson, send } from './request.ts';

/** A sandbox with what one needs to use it. */
export interface SandboxRef {
  readonly id: string;
  /** Issuer: everything of this sandbox lives under it. */
  readonly base: string;
  readonly control_token: string;
  readonly mcp: { readonly oauth: string; readonly bearer: string; readonly no_auth: string };
  readonly inspect_url: string;
  readonly expires_at: string;
}

export interface ControlApi<Recorded> {
  /**
   * @param config knobs, flat names
   * @param seed what the sandbox begins with
   */
  create(config?: Readonly<Record<string, unknown>>, seed?: Readonly<Record<string, unknown>>): Promise<SandboxRef>;
  /** Whether the sandbox is still there. */
  exists(sandbox: SandboxRef): Promise<boolean>;
  /** Exchanges after `after`, secrets included; null if nothing is recorded. */
  exchanges(sandbox: SandboxRef, after: number): Promise<{ exchanges: readonly Recorded[]; last: number } | null>;
  /** `POST …/{path}` of the sandbox. */
  post(sandbox: SandboxRef, path: string, body: unknown): Promise<unknown>;
  /** `GET …/{path}` of the sandbox. */
  read(sandbox: SandboxRef, path: string): Promise<unknown>;
  /** `PATCH` of the sandbox's configuration, in flat names. */
  configure(sandbox: SandboxRef, config: Readonly<Record<string, unknown>>): Promise<unknown>;
  remove(sandbox: SandboxRef): Promise<void>;
  /** Paths of the server's OpenAPI document. */
  paths(): Promise<ReadonlySet<string>>;
}

/** ms: the guide waits in front of a reader. */
const TIMEOUT = 10_000;

/** The class that somebody takes part in, with their token. */
export interface Participant {
  readonly id: string;
  readonly token: string;
}

/**
 * @param origin of the server, without a trailing slash
 * @param fetch the page's own, or the engine in a test
 * @param participant the class for which sandboxes are made: a room behind one address may make more of them
 */
export function createApi<Recorded extends { readonly seq: number }>(
  origin: string,
  fetch: Fetch,
  participant: () => Participant | null = () => null,
): ControlApi<Recorded> {
  const common = { fetch, timeout: TIMEOUT };
  const of = (sandbox: SandboxRef, path = ''): string => `${origin}/api/sandboxes/${sandbox.id}${path}`;
  const by = (sandbox: SandboxRef) => ({ ...common, token: sandbox.control_token });

  return {
    async create(config = {}, seed) {
      const member = participant();
      const made = await requestJson<Record<string, unknown>>('POST', `${origin}/api/sandboxes`, {
        ...common,
        ...(member ? { token: member.token } : {}),
        body: {
          ...(Object.keys(config).length > 0 ? { config } : {}),
          ...(seed ? { seed } : {}),
          ...(member ? { class: member.id } : {}),
        },
      });
      const mcp = made.mcp as SandboxRef['mcp'];
      return {
        id: String(made.id),
        base: String(made.issuer),
        control_token: String(made.control_token),
        mcp: { oauth: mcp.oauth, bearer: mcp.bearer, no_auth: mcp.no_auth },
        inspect_url: String(made.inspect_url),
        expires_at: String(made.expires_at),
      };
    },
    async exists(sandbox) {
      const { status } = await send('GET', of(sandbox), by(sandbox));
      return ![401, 403, 404, 410].includes(status);
    },
    async exchanges(sandbox, after) {
      const response = await send('GET', of(sandbox, `/exchanges?after=${after}&limit=100&reveal=1`), by(sandbox));
      if (!response.ok) return null;
      const body = (await response.json()) as { exchanges: Recorded[]; last?: number };
      return { exchanges: body.exchanges, last: body.last ?? body.exchanges.at(-1)?.seq ?? after };
    },
    post: (sandbox, path, body) => requestJson('POST', of(sandbox, `/${path}`), { ...by(sandbox), body }),
    read: (sandbox, path) => requestJson('GET', of(sandbox, path === '' ? '' : `/${path}`), by(sandbox)),
    configure: (sandbox, config) => requestJson('PATCH', of(sandbox), { ...by(sandbox), body: { config } }),
    async remove(sandbox) {
      await send('DELETE', of(sandbox), by(sandbox)).catch(() => undefined);
    },
    async paths() {
      const body = await requestJson<{ paths?: object }>('GET', `${origin}/openapi.json`, common);
      return new Set(Object.keys(body.paths ?? {}));
    },
  };
}
