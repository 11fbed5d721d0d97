/** What a page needs to send one operation of the reference: where it is, and what it takes. Plain data. */
import { operationsOf, type Parameter, parametersOf } from '#lib/http/describe.ts';
import type { Route } from '#lib/http/route.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';
import { openRoutes } from './reference.ts';

/** One field of the form. */
export type TryField = Omit<Parameter, 'description' | 'clause'>;

/** The form of an operation. `public/try.js` shows it, `public/try-request.js` makes a request of it. */
export interface TryForm {
  readonly method: string;
  readonly endpoint: string;
  /**
   * Where it can be sent. `{origin}` and `{base}` stand for the origin and the address of the sandbox, `{path}` for the
   * path of that address, and every other name in braces for the field of the path with this name.
   */
  readonly addresses: readonly string[];
  /** What the body is; null if the operation reads none. */
  readonly body: string | null;
  /** Whether it takes the control token of the sandbox. */
  readonly control: boolean;
  /** Whether the exchange is recorded in the sandbox. */
  readonly recorded: boolean;
  /** The field of the path that names the sandbox; null if there is none. */
  readonly sandbox: string | null;
  readonly fields: readonly TryField[];
}

/** Headers that a browser does not let a page set. */
const BY_BROWSER = /^(?:cookie|host|origin|referer|content-length|sec-.*|proxy-.*)$/i;

/**
 * The form of one operation.
 * @param host the `Host` of the page's own request
 * @param id `operationId` in the OpenAPI document
 * @returns null if there is no such operation on this instance
 */
export async function tryForm(host: string | null, id: string): Promise<TryForm | null> {
  const container = await getContainer();
  const table = await openRoutes(container, originOf(container, host));
  const same = operationsOf(table).filter(({ operation }) => operation.id === id);
  const [first] = same;
  if (first === undefined) return null;
  const { route, method, operation } = first;
  const parameters = await parametersOf(operation);
  return {
    method,
    endpoint: route.endpoint,
    addresses: [...new Set(same.map((one) => addressOf(one.route)))],
    body: method === 'GET' ? null : (operation.body ?? null),
    control: operation.control === true,
    recorded: route.recorded,
    sandbox: route.sandbox ?? null,
    fields: [
      ...pathFields(same.map((one) => one.route)),
      ...parameters
        .filter((one) => one.in !== 'path' && !(one.in === 'header' && BY_BROWSER.test(one.name)))
        .map(({ name, in: place, required, schema }) => ({ name, in: place, required, schema })),
    ],
  };
}

const PLACEHOLDER = /:(\w+)(?:\{([^}]*)\})?/g;

function addressOf({ scope, path, suffix = '' }: Route): string {
  const named = (text: string) => text.replace(PLACEHOLDER, '{$1}');
  if (scope === 'base') return `{base}${named(path)}`;
  return scope === 'inserted' ? `{origin}${named(path)}{path}${named(suffix)}` : `{origin}${named(path)}`;
}

/** The parts of the path that stand for something. */
function pathFields(routes: readonly Route[]): TryField[] {
  const names = routes.flatMap(({ path, suffix = '' }) =>
    [...`${path}${suffix}`.matchAll(PLACEHOLDER)].map((match) => match[1]!),
  );
  return [...new Set(names)].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}
