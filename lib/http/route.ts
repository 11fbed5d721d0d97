/**
 * One table of routes: each endpoint is declared once, and routing, 405 with `Allow`, CORS, rate
 * limits, the OpenAPI document and the reference pages all come from it. The root and `/s/{id}`
 * mount the same table.
 */
import type { Context, Tenant } from '#lib/oauth/context.ts';
import type { ErrorCode } from '#lib/oauth/errors.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ParameterDoc {
  readonly name: string;
  readonly in: 'query' | 'form' | 'json' | 'header' | 'path';
  readonly required?: boolean;
  readonly says: string;
  readonly clause?: ClauseId;
}

export interface Operation {
  /** A line for the reference. */
  readonly summary: string;
  readonly clause?: ClauseId;
  readonly parameters?: readonly ParameterDoc[];
  /** Status codes with what they mean. */
  readonly responses?: Readonly<Record<string, string>>;
  /** What the body may be; another content type is 415. Absent: no body is read. */
  readonly body?: 'form' | 'json' | 'json-rpc';
  /** Needs the sandbox's control token. */
  readonly control?: boolean;
  /** The token of a share will do in its place. */
  readonly shared?: boolean;
  readonly handle: (ctx: Context, params: Readonly<Record<string, string>>) => Promise<Response> | Response;
}

export interface Route {
  /** Stable name: the reference's anchor, the recorder's `endpoint`, a fault's `endpoint`. */
  readonly endpoint: string;
  /**
   * Where it is mounted: below each `{base}`, once below `{origin}`, or `inserted`: between host and
   * path, as well-known addresses are, with `suffix` after the path.
   */
  readonly scope: 'base' | 'origin' | 'inserted';
  /** What follows the path of `{base}` at an inserted address, such as `/:resource`. */
  readonly suffix?: string;
  /** Which issuers of a sandbox have it: `all` where its further issuers have it too. */
  readonly issuers?: 'own' | 'all';
  /** Also below `{base}/decoy`, where the sandbox's metadata points there. */
  readonly decoy?: boolean;
  /** Name of the path parameter that names the sandbox which the request is about (control API). */
  readonly sandbox?: string;
  /** Hono pattern, such as `/oauth/register/:client_id`. */
  readonly path: string;
  /** `open`: any origin without credentials, preflights answered. `none`: no CORS headers. */
  readonly cors: 'open' | 'none';
  /** Whether exchanges are recorded. */
  readonly recorded: boolean;
  /** Requests a minute and client address, where rate limits are on. */
  readonly limit?: number;
  /** What this request is called in the record, where one address serves two purposes. */
  readonly nameOf?: (ctx: Context) => string;
  /** Error code of a body that cannot be parsed; `invalid_request` unless said otherwise. */
  readonly malformed?: ErrorCode;
  /** Whether errors that concern the request as such are shown as a page (addresses that users are sent to). */
  readonly page?: boolean;
  readonly methods: Partial<Record<Method, Operation>>;
  /** False where the sandbox's configuration switches it off: then it is 404. */
  readonly exists?: (tenant: Tenant) => boolean;
}
