/**
 * The control API, as the guide uses it: its own sandbox, and copies of it for experiments.
 */
import type { Exchange, SandboxRef } from './types.ts';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** The control API refused, or is not there. */
export class ControlError extends Error {
  readonly status: number;
  /** `error` of the answer, such as `rate_limit_exceeded`; `unreachable` where none came. */
  readonly code: string;
  constructor(status: number, code: string, says: string) {
    super(says);
    this.name = 'ControlError';
    this.status = status;
    this.code = code;
  }
}

const PATIENCE = 10_000;

export interface ControlApi {
  /** @param config knobs, flat names */
  create(config?: Readonly<Record<string, unknown>>): Promise<SandboxRef>;
  /** Whether the sandbox is still there. */
  exists(sandbox: SandboxRef): Promise<boolean>;
  /** Exchanges after `after`, secrets included; null where nothing is recorded. */
  exchanges(sandbox: SandboxRef, after: number): Promise<{ exchanges: readonly Exchange[]; last: number } | null>;
  /** `POST …/{path}` of the sandbox. */
  post(sandbox: SandboxRef, path: string, body: unknown): Promise<unknown>;
  remove(sandbox: SandboxRef): Promise<void>;
  /** Paths of the server's OpenAPI document. */
  paths(): Promise<ReadonlySet<string>>;
}

/** @param origin of the page, without a trailing slash */
export function createApi(origin: string, fetch: Fetch): ControlApi {
  async function call(method: string, path: string, token: string | null, body?: unknown): Promise<Response> {
    try {
      return await fetch(`${origin}${path}`, {
        method,
        credentials: 'omit',
        cache: 'no-store',
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      throw new ControlError(0, 'unreachable', 'The server does not answer.');
    }
  }

  async function answer(response: Response): Promise<Record<string, unknown>> {
    const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return body;
    throw new ControlError(
      response.status,
      String(body.error ?? 'failed'),
      String(body.error_description ?? `The control API answered ${response.status}.`),
    );
  }

  return {
    async create(config) {
      const made = await answer(
        await call('POST', '/api/sandboxes', null, config && Object.keys(config).length > 0 ? { config } : {}),
      );
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
      const response = await call('GET', `/api/sandboxes/${sandbox.id}`, sandbox.control_token);
      return !(
        response.status === 404 ||
        response.status === 410 ||
        response.status === 401 ||
        response.status === 403
      );
    },
    async exchanges(sandbox, after) {
      const response = await call(
        'GET',
        `/api/sandboxes/${sandbox.id}/exchanges?after=${after}&limit=100&reveal=1`,
        sandbox.control_token,
      );
      if (!response.ok) return null;
      const body = (await response.json()) as { exchanges: Exchange[]; last?: number };
      return { exchanges: body.exchanges, last: body.last ?? body.exchanges.at(-1)?.seq ?? after };
    },
    async post(sandbox, path, body) {
      return answer(await call('POST', `/api/sandboxes/${sandbox.id}/${path}`, sandbox.control_token, body));
    },
    async remove(sandbox) {
      await call('DELETE', `/api/sandboxes/${sandbox.id}`, sandbox.control_token).catch(() => undefined);
    },
    async paths() {
      const body = await answer(await call('GET', '/openapi.json', null));
      return new Set(Object.keys((body.paths as object | undefined) ?? {}));
    },
  };
}
