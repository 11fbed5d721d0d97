/** What the reference shows: endpoints from the route table, errors from the reasons. Plain data. */
import { answersOf, operationsOf, parametersOf } from '#lib/http/describe.ts';
import type { ParameterDoc, Route } from '#lib/http/route.ts';
import type { ErrorCode } from '#lib/oauth/errors.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import { clause, type ClauseId } from '#lib/spec/clauses.ts';
import { type EndpointFacts, endpoints } from '#lib/spec/endpoints.ts';
import { type ErrorWords, errorWords } from '#lib/spec/errors.ts';
import { type Reason, reasons } from '#lib/spec/reasons.ts';
import { type Requirement, requirementGroups } from '#lib/spec/requirements/index.ts';
import type { Container } from '../container.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface ClauseRef {
  readonly label: string;
  readonly url: string;
  readonly title: string;
}
export interface ParameterEntry extends Omit<ParameterDoc, 'clause'> {
  readonly anchor: string;
  readonly clause: ClauseRef | null;
}
export interface OperationEntry {
  /** `operationId` in the OpenAPI document. */
  readonly id: string;
  readonly method: string;
  readonly summary: string;
  readonly clause: ClauseRef | null;
  readonly body: string | null;
  readonly control: boolean;
  readonly parameters: readonly ParameterEntry[];
  readonly responses: readonly { readonly status: string; readonly says: string }[];
}
export interface EndpointEntry {
  readonly anchor: string;
  readonly title: string;
  readonly paths: readonly string[];
  readonly operations: readonly OperationEntry[];
}
export interface EndpointGroup {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly endpoints: readonly EndpointEntry[];
}
export interface ReasonEntry {
  readonly id: string;
  readonly status: number | null;
  readonly says: string;
  readonly clause: ClauseRef | null;
  readonly delivery: string;
}
export interface ErrorEntry extends ErrorWords {
  readonly code: string;
  readonly reasons: readonly ReasonEntry[];
}
export interface RequirementEntry {
  readonly id: string;
  readonly says: string;
  readonly level: string;
  readonly clauses: readonly ClauseRef[];
}
export interface RequirementGroup {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly RequirementEntry[];
}
export interface Reference {
  readonly origin: string;
  readonly groups: readonly EndpointGroup[];
  readonly errors: readonly ErrorEntry[];
  readonly requirements: readonly RequirementGroup[];
}

/** Words for every code there is: the type says so. */
const words: Readonly<Record<ErrorCode, ErrorWords>> = errorWords;

const groups = [
  {
    id: 'discovery',
    title: 'Discovery',
    says: 'The documents by which a client finds everything else. 200 or 404, never a redirect.',
  },
  {
    id: 'oauth',
    title: 'Authorization server',
    says: 'Form-encoded in, JSON out, `Cache-Control: no-store`.',
  },
  {
    id: 'resources',
    title: 'Protected resources',
    says: 'MCP servers with the same tools behind different doors, and a plain REST resource.',
  },
  {
    id: 'control',
    title: 'Sandboxes',
    says: 'JSON. Creating one is open; all else takes the control token as a Bearer token.',
  },
  { id: 'about', title: 'About the server', says: 'Information about the server itself.' },
] as const;

/** The group of an endpoint: those that carry the protocol say it themselves, the rest goes by its path. */
function groupOf({ endpoint, path }: Route): string {
  const facts = (endpoints as Readonly<Record<string, EndpointFacts>>)[endpoint];
  return facts?.group ?? (path.startsWith('/api/') ? 'control' : 'about');
}

/** @param host the `Host` of the page's own request */
export async function reference(host: string | null): Promise<Reference> {
  const container = await getContainer();
  const origin = originOf(container, host);
  const table = await openRoutes(container, origin);
  const taken = new Set<string>();
  const entries = async (routes: readonly Route[]): Promise<EndpointEntry[]> => {
    const made: EndpointEntry[] = [];
    for (const same of byAddress(routes)) made.push(await endpointEntry(same, taken));
    return made;
  };
  const shown: EndpointGroup[] = [];
  for (const group of groups)
    shown.push({ ...group, endpoints: await entries(table.filter((route) => groupOf(route) === group.id)) });
  return {
    origin,
    groups: shown.filter((group) => group.endpoints.length > 0),
    errors: Object.entries(words).map(([code, one]) => ({ ...one, code, reasons: reasonsOf(code) })),
    requirements: requirementGroups.map(({ id, title, requirements }) => ({
      id,
      title,
      requirements: Object.entries(requirements).map(([name, one]) => requirementEntry(name, one)),
    })),
  };
}

/** The table without what the configuration of `default` switches off. */
export async function openRoutes(container: Container, origin: string): Promise<Route[]> {
  const sandbox = await container.sandboxes.find(DEFAULT_ID);
  const tenant = sandbox && tenantOf(container, sandbox, origin, null);
  return container.routes().filter((route) => !route.exists || (tenant !== null && route.exists(tenant)));
}

/** Routes that do the same at several addresses stand together. */
function byAddress(routes: readonly Route[]): Route[][] {
  const same = new Map<string, Route[]>();
  for (const route of routes) {
    const key = [
      route.endpoint,
      ...Object.entries(route.methods).map(([method, operation]) => `${method} ${operation.summary}`),
    ].join('\n');
    same.set(key, [...(same.get(key) ?? []), route]);
  }
  return [...same.values()];
}

async function endpointEntry(routes: readonly Route[], taken: Set<string>): Promise<EndpointEntry> {
  const route = routes[0] as Route;
  const anchor = unique(route.endpoint, taken);
  const operations: OperationEntry[] = [];
  for (const { method, operation } of operationsOf([route])) {
    const parameters = await parametersOf(operation);
    operations.push({
      id: operation.id,
      method,
      summary: operation.summary,
      clause: ref(operation.clause),
      body: operation.body ?? null,
      control: Boolean(operation.control),
      parameters: parameters.map(({ name, in: place, required, description, clause: at }) => ({
        name,
        in: place,
        required,
        says: description,
        anchor: unique(`${anchor}-${name}`, taken),
        clause: ref(at ?? undefined),
      })),
      responses: Object.entries(answersOf(route, operation)).map(([status, { description }]) => ({
        status,
        says: description,
      })),
    });
  }
  return {
    anchor,
    title: operations[0]?.summary.split(/[;:]/)[0] ?? route.endpoint,
    paths: [...new Set(routes.map(pathOf))],
    operations,
  };
}

/** Where it is: below each issuer, with the issuer's path put in, or once. Placeholders in braces. */
function pathOf(route: Route): string {
  const path = (text: string) =>
    text.replace(/:(\w+)(?:\{([^}]*)\})?/g, (_, name: string, choice?: string) => `{${choice ?? name}}`);
  if (route.scope === 'base') return `{base}${path(route.path)}`;
  if (route.scope === 'inserted') return `{origin}${path(route.path)}[/s/{id}]${path(route.suffix ?? '')}`;
  return `{origin}${path(route.path)}`;
}

/** The name, with a number if it is taken. */
function unique(name: string, taken: Set<string>): string {
  let anchor = name;
  for (let n = 2; taken.has(anchor); n += 1) anchor = `${name}-${n}`;
  taken.add(anchor);
  return anchor;
}

function requirementEntry(id: string, { says, level, clause, also = [] }: Requirement): RequirementEntry {
  return { id, says, level, clauses: [clause, ...also].flatMap((one) => ref(one) ?? []) };
}

function ref(id: ClauseId | undefined): ClauseRef | null {
  const found = id === undefined ? undefined : clause(id);
  return found ? { label: found.label, url: found.url, title: found.title } : null;
}

function reasonsOf(code: string): ReasonEntry[] {
  return Object.entries(reasons as Record<string, Reason>)
    .filter(([, reason]) => reason.error === code && reason.at !== 'client')
    .map(([id, reason]) => ({
      id,
      status: reason.status ?? null,
      says: reason.says,
      clause: ref(reason.clause),
      delivery: reason.delivery,
    }));
}
