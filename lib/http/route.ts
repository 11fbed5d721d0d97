/**
 * One table of endpoints: each is declared once. Routing, 405 with `Allow`, CORS, rate limits, capture, the
 * reference and the OpenAPI document come from it. The root and `/s/{id}` mount the same table.
 */
import type { z } from 'zod';
import type { ChangeKind } from '#lib/exchange/types.ts';
import type { Context, Tenant } from '#lib/oauth/context.ts';
import type { EndpointParameter } from '#lib/oauth/endpoints/parameters.ts';
import type { ErrorCode } from '#lib/oauth/errors.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';
import type { EndpointName } from '#lib/spec/endpoints.ts';
import { parseBody, parseQuery } from './parsed.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Parameters of the path, decoded. */
export type Params = Readonly<Record<string, string>>;
export type Handler = (ctx: Context, params: Params) => Promise<Response> | Response;

/** A parameter that the engine reads itself, and where in the request it is. */
export interface ParameterDoc extends EndpointParameter {
  readonly in: 'query' | 'form' | 'json' | 'header' | 'path';
}

/** One answer: what it means, or also the schema of its JSON, or the media types that it may have. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Media types of a body that is no JSON. */
  readonly types?: readonly string[];
}

export interface Operation {
  /** Verb and noun, unique and stable: `createSandbox`. `operationId` in the OpenAPI document. */
  readonly id: string;
  /** A line for the reference. */
  readonly summary: string;
  readonly clause?: ClauseId;
  readonly parameters?: readonly ParameterDoc[];
  /** Further parameters that are loaded only when a document is made of them. */
  readonly moreParameters?: () => Promise<readonly ParameterDoc[]>;
  /**
   * What the body may be; another content type is 415. `any-json`: JSON, whatever the content type says. Absent: no
   * body is read.
   */
  readonly body?: 'form' | 'json' | 'json-rpc' | 'any-json';
  /** Parses the JSON body. */
  readonly input?: z.ZodType;
  /** Parses the query. */
  readonly query?: z.ZodObject;
  /** Answers of its own, by status. Those that every operation of its kind has are added: see `answersOf`. */
  readonly answers: Readonly<Record<number, string | Answer>>;
  /** What it changes in the sandbox, for the ledger; null if this body changes nothing of it. */
  readonly changes?: ChangeKind | ((body: unknown) => ChangeKind | null);
  /** Needs the control token of the sandbox. */
  readonly control?: boolean;
  /** The token of a share will do in its place. */
  readonly shared?: boolean;
  readonly handle: Handler;
}

interface RouteOfAnyKind {
  /**
   * Where it is mounted: below each `{base}`, once below `{origin}`, or `inserted`: between host and
   * path, as well-known addresses are, with `suffix` after the path.
   */
  readonly scope: 'base' | 'origin' | 'inserted';
  /** What follows the path of `{base}` at an inserted address, such as `/:resource`. */
  readonly suffix?: string;
  /** Which issuers of a sandbox have it: `all` if its further issuers have it too. */
  readonly issuers?: 'own' | 'all';
  /** Also below `{base}/decoy`, if the metadata of the sandbox points there. */
  readonly decoy?: boolean;
  /** Name of the path parameter that names the sandbox which the request is about (control API). */
  readonly sandbox?: string;
  /** Hono pattern, such as `/oauth/register/:client_id`. */
  readonly path: string;
  /** `open`: any origin without credentials, preflights answered. `none`: no CORS headers. */
  readonly cors: 'open' | 'none';
  /** Requests a minute and client address, if rate limits are on. */
  readonly limit?: number;
  /** At which kind of address it is; faults can ask for it, and handlers get it as a parameter. */
  readonly location?: string;
  /** Whether it is at a short address, which the knob `compat.shortPaths` opens. */
  readonly short?: boolean;
  /** Error code of a body that cannot be parsed; `invalid_request` by default. */
  readonly malformed?: ErrorCode;
  /** Whether errors that concern the request as such are shown as a page (addresses that users are sent to). */
  readonly page?: boolean;
  /** Whether its page links to applications by their own schemes: it keeps the policy that lets these links work. */
  readonly links?: boolean;
  /** Its page brings a policy of its own, which lets scripts of this server run. */
  readonly ownPolicy?: boolean;
  readonly methods: Partial<Record<Method, Operation>>;
  /** False if the configuration of the sandbox switches it off: then it is 404. */
  readonly exists?: (tenant: Tenant) => boolean;
}

/** An endpoint that carries the protocol: its exchanges are recorded. */
export interface RecordedRoute extends RouteOfAnyKind {
  readonly recorded: true;
  readonly endpoint: EndpointName;
  /** What this request is called in the record, if one address serves two purposes. */
  readonly nameOf?: (ctx: Context) => EndpointName;
}

/** An endpoint around the protocol: the control API, probes, documents. */
export interface SilentRoute extends RouteOfAnyKind {
  readonly recorded: false;
  /** Stable name: anchor in the reference, label of the metrics. */
  readonly endpoint: string;
  readonly nameOf?: undefined;
}

export type Route = RecordedRoute | SilentRoute;

/** Methods of a route as `Allow` has them. */
export function allowedMethods(route: Route): string[] {
  const methods: string[] = Object.keys(route.methods);
  if (route.methods.GET) methods.push('HEAD');
  return [...methods, 'OPTIONS'];
}

/** The JSON body; a missing one counts as `{}`, and `null` as itself. */
export const jsonOf = ({ body }: Context): unknown => (body.json === undefined ? {} : body.json);

type Declared<Input, Query> = Omit<Operation, 'body' | 'input' | 'query' | 'handle'> & {
  readonly input?: Input;
  readonly query?: Query;
  readonly handle: (
    ctx: Context,
    given: {
      readonly input: Input extends z.ZodType ? z.output<Input> : undefined;
      readonly query: Query extends z.ZodObject ? z.output<Query> : undefined;
      readonly params: Params;
    },
  ) => Promise<Response> | Response;
};

/**
 * An operation of the control API: its JSON body and its query are parsed by the schemas that describe them,
 * and the handler gets what they say. A missing body counts as `{}`.
 * @throws ControlError 400 `invalid_request`, from the handler, with what is wrong where
 */
export function operation<
  Input extends z.ZodType | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
>(declared: Declared<Input, Query>): Operation {
  const { input, query, handle, ...rest } = declared;
  return {
    ...rest,
    ...(input ? { body: 'json', input } : {}),
    ...(query ? { query } : {}),
    handle: (ctx, params) =>
      handle(ctx, {
        params,
        input: (input ? parseBody(input, jsonOf(ctx)) : undefined) as never,
        query: (query ? parseQuery(query, ctx.request.url) : undefined) as never,
      }),
  };
}
