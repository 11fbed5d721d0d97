/**
 * The real request of a step, from its data, the values in hand and the reader's edits.
 */
import { fill, fillJson, missingIn, namesIn } from './values.ts';
import type { Bag, Parameter, RequestEdits, StepRequest } from './types.ts';

/** A request as it will be sent. */
export interface Prepared {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  /** Values that its templates used, by name. */
  readonly used: Readonly<Record<string, string>>;
  /** Names that it needs and that are not held. */
  readonly missing: readonly string[];
}

/** Stable key of a parameter within its request. */
export function parameterKey(parameter: Pick<Parameter, 'in' | 'name' | 'at'>): string {
  return `${parameter.in}:${parameter.in === 'json' ? parameter.at : parameter.name}`;
}

/** Whether a parameter is left out: unticked by the reader, or optional and empty to begin with. */
export function isOmitted(parameter: Parameter, edits: RequestEdits | undefined): boolean {
  const edit = edits?.[parameterKey(parameter)];
  if (edit?.omitted !== undefined) return edit.omitted;
  if (edit && edit.value !== null && edit.value !== '') return false;
  return parameter.optional && parameter.value === '';
}

/** A parameter's value as it would be sent. */
export function parameterValue(parameter: Parameter, bag: Bag, edits: RequestEdits | undefined): string {
  return edits?.[parameterKey(parameter)]?.value ?? fill(parameter.value, bag);
}

/** Sets (or, with undefined, removes) what a JSON pointer names; makes the objects on the way. */
export function setPointer(root: unknown, pointer: string, value: unknown): unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const copy = structuredClone(root ?? {});
  let node = copy as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    if (typeof node[key] !== 'object' || node[key] === null) node[key] = {};
    node = node[key] as Record<string, unknown>;
  }
  const last = keys.at(-1)!;
  if (value !== undefined) node[last] = value;
  else if (Array.isArray(node)) node.splice(Number(last), 1);
  else delete node[last];
  return copy;
}

/** What a JSON pointer names, or undefined. */
export function getPointer(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (node, key) =>
        typeof node === 'object' && node !== null
          ? (node as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
          : undefined,
      root,
    );
}

/** What was typed, in the type that the body has at that place: a list if it has a list. */
function asMember(body: unknown, pointer: string, typed: string): unknown {
  return Array.isArray(getPointer(body, pointer)) ? typed.split(/\s+/).filter(Boolean) : typed;
}

function setHeader(headers: [string, string][], name: string, value: string | null): void {
  const at = headers.findIndex(([known]) => known.toLowerCase() === name.toLowerCase());
  if (value === null) {
    if (at >= 0) headers.splice(at, 1);
  } else if (at >= 0) headers[at] = [headers[at]![0], value];
  else headers.push([name, value]);
}

/** Adds parameters to a URL, form-encoded as a browser would, without touching what stands there. */
export function withQuery(url: string, pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return url;
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString();
  const [address, fragment] = url.split('#', 2);
  return `${address}${address!.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** JSON as it is sent: indented, so that what is shown is what travels, byte for byte. */
export function toJson(body: unknown): string {
  return JSON.stringify(body, null, 2);
}

/**
 * Builds the request. A bad value is sent as it is: the server decides.
 * @param edits the reader's, by {@link parameterKey}
 */
export function prepareRequest(request: StepRequest, bag: Bag, edits?: RequestEdits): Prepared {
  const templates: string[] = [request.url];
  const headers: [string, string][] = request.headers.map(({ name, value }) => {
    templates.push(value);
    return [name, fill(value, bag)];
  });
  const hadBody = request.body !== null;
  let body = hadBody ? fillJson(request.body, bag) : null;
  if (hadBody) templates.push(JSON.stringify(request.body));
  let url = fill(request.url, bag);
  const query: [string, string][] = [];
  const form: [string, string][] = [];
  let hasForm = false;
  for (const parameter of request.parameters) {
    const omitted = isOmitted(parameter, edits);
    const edit = edits?.[parameterKey(parameter)];
    const value = parameterValue(parameter, bag, edits);
    if (!omitted && (edit === undefined || edit.value === null)) templates.push(parameter.value);
    if (parameter.in === 'form') hasForm = true;
    if (parameter.in === 'path') {
      if (!omitted && value !== '') url = value;
    } else if (parameter.in === 'header') setHeader(headers, parameter.name, omitted ? null : value);
    else if (parameter.in === 'json') {
      if (omitted) body = setPointer(body, parameter.at!, undefined);
      else if (edit && edit.value !== null)
        body = setPointer(body, parameter.at!, asMember(body, parameter.at!, value));
    } else if (!omitted) (parameter.in === 'query' ? query : form).push([parameter.name, value]);
  }
  const names = [...new Set(templates.flatMap(namesIn))];
  return {
    method: request.method,
    url: withQuery(url, query),
    headers,
    body: hasForm ? new URLSearchParams(form).toString() : hadBody ? toJson(body) : null,
    used: Object.fromEntries(names.filter((name) => bag[name]).map((name) => [name, bag[name]!.value])),
    missing: [...new Set(templates.flatMap((template) => missingIn(template, bag)))],
  };
}
