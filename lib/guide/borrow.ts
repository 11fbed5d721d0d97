/** Steps that run with other values than their track gives them, or as part of another track. */
import type { Parameter, Step, StepRequest } from './types.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** Puts arguments in the place of `{name}` in every string below a node. */
function substitute(node: unknown, args: Arguments): unknown {
  if (typeof node === 'string')
    return node.replace(/\{([a-z][a-z0-9_]*)\}/g, (whole, name: string) =>
      typeof args[name] === 'string' ? (args[name] as string) : whole,
    );
  if (Array.isArray(node)) return node.map((item) => substitute(item, args));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, substitute(inner, args)]));
  return node;
}

function requestWith(request: StepRequest, args: Arguments, isPrimary: boolean): StepRequest {
  const isNulled = (name: string, template: string): boolean =>
    args[name] === null || (/^\{\w+\}$/.test(template) && args[template.slice(1, -1)] === null);
  const filled = substitute(
    {
      url: request.url,
      headers: request.headers
        .filter((header) => args[header.name] !== null)
        .map((header) => (typeof args[header.name] === 'string' ? { ...header, value: args[header.name] } : header)),
      parameters: request.parameters
        .filter((parameter) => !isNulled(parameter.name, parameter.value))
        .map((parameter) => {
          const given = args[parameter.name];
          return typeof given === 'string' ? { ...parameter, value: given } : parameter;
        }),
    },
    args,
  ) as Pick<StepRequest, 'url' | 'headers' | 'parameters'>;
  const known = new Set([
    ...request.parameters.map((parameter) => parameter.name),
    ...request.headers.map((header) => header.name),
  ]);
  const template = JSON.stringify([request.url, request.headers, request.body, request.parameters]);
  const isMember = (name: string): boolean => typeof request.body === 'object' && name in (request.body ?? {});
  const added = Object.entries(args).filter(
    ([name]) => isPrimary && !known.has(name) && !isMember(name) && !template.includes(`{${name}}`),
  );
  if (typeof request.body === 'object' && request.body !== null) {
    const members = { ...(substitute(request.body, args) as Record<string, unknown>) };
    for (const [name, value] of Object.entries(args).filter(([name]) => isMember(name))) members[name] = value;
    for (const [name, value] of added) members[name] = value;
    const body = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
    return { ...request, ...filled, body };
  }
  const isForm = request.headers.some((header) => header.value.includes('x-www-form-urlencoded'));
  const more = isForm ? added.filter(([, value]) => typeof value === 'string') : [];
  return {
    ...request,
    ...filled,
    parameters: [...filled.parameters, ...more.map(([name, value]) => formParameter(name, String(value)))],
  };
}

function formParameter(name: string, value: string): Parameter {
  return { name, in: 'form', value, clause: '', meaning: '', where_from: '', editable: false, optional: false };
}

/**
 * A step that sends other values. An argument names a value (`{name}` in templates), a parameter, a header or a
 * member of the JSON body. Null leaves it out. A name that the step does not know is added to a form.
 */
export function withArguments(step: Step, args: Arguments): Step {
  if (Object.keys(args).length === 0) return step;
  const primary = step.requests.find((request) => request.sends_when === null);
  return { ...step, requests: step.requests.map((request) => requestWith(request, args, request === primary)) };
}

/** A step whose first request goes to another address. */
export function atUrl(step: Step, url: string): Step {
  return { ...step, requests: step.requests.map((request, index) => (index === 0 ? { ...request, url } : request)) };
}

/** A step whose value is held under another name. */
export function heldAs(step: Step, name: string, other: string): Step {
  return {
    ...step,
    renames: { [name]: other },
    values_made: step.values_made.map((made) => (made.value === name ? { ...made, value: other } : made)),
  };
}
