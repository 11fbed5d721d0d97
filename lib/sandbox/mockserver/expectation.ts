/**
 * `PUT /mockserver/expectation`: an expectation of MockServer as a fault on a known endpoint. What does not translate
 * is refused by name; nothing is left out in silence.
 */
import { z } from 'zod';
import { NotTranslated } from './refused.ts';
import { readTemplate } from './template.ts';

const values = z.union([z.string(), z.array(z.string()).min(1)]);
/** `{ name: [values] }`, or `[{ name, values }]`. */
const named = z.union([
  z.record(z.string(), values),
  z
    .array(z.strictObject({ name: z.string(), values: z.array(z.string()).min(1) }))
    .transform((list) => Object.fromEntries(list.map((one) => [one.name, one.values]))),
]);

const request = z.strictObject({
  method: z.string().optional(),
  path: z.string(),
  headers: named.optional(),
  queryStringParameters: named.optional(),
  body: z.strictObject({ type: z.literal('PARAMETERS'), parameters: named }).optional(),
});

const response = z.strictObject({
  statusCode: z.number().int().optional(),
  headers: named.optional(),
  body: z
    .union([
      z.string(),
      z.strictObject({ type: z.literal('JSON'), json: z.json() }),
      z.strictObject({ type: z.literal('STRING'), string: z.string() }),
    ])
    .optional(),
  delay: z.strictObject({ timeUnit: z.enum(['MILLISECONDS', 'SECONDS']), value: z.number().min(0) }).optional(),
});

export const expectationSchema = z.strictObject({
  id: z.string().max(200).optional(),
  priority: z.number().int().min(-1000).max(1000).optional(),
  httpRequest: request,
  httpResponse: response.optional(),
  httpResponseTemplate: z
    .strictObject({ templateType: z.string(), template: z.string(), delay: response.shape.delay })
    .optional(),
  httpError: z.strictObject({ dropConnection: z.literal(true), delay: response.shape.delay }).optional(),
  times: z
    .strictObject({ remainingTimes: z.number().int().min(1).optional(), unlimited: z.boolean().optional() })
    .optional(),
  timeToLive: z.strictObject({ unlimited: z.literal(true) }).optional(),
});
/** Expectations that are put at once, at most: as many as a sandbox may have faults. */
export const MOST = 100;
/** One expectation or a list of them. */
export const expectationsSchema = z.union([expectationSchema, z.array(expectationSchema).min(1).max(MOST)]);
export type Expectation = z.output<typeof expectationSchema>;

/** An endpoint, and where a document of it lies. */
export interface EndpointAt {
  readonly endpoint: string;
  readonly location?: string | undefined;
  /** Whether the address is one of the short ones, which a knob opens. */
  readonly short: boolean;
}

/** What an expectation comes to. */
export interface Translated {
  readonly fault: Readonly<Record<string, unknown>>;
  /** The client and redirect URI that the request names: the answer may lead there only if they are registered. */
  readonly client: { readonly client_id: string; readonly redirect_uris: readonly string[] } | null;
  readonly shortPaths: boolean;
}

/**
 * Translates an expectation.
 * @param endpointAt the endpoint at a path below `{base}`; null if there is none
 * @throws NotTranslated with the name of what does not translate
 */
export function translate(expectation: Expectation, endpointAt: (path: string) => EndpointAt | null): Translated {
  const { httpRequest, priority, times } = expectation;
  const at = endpointAt(httpRequest.path);
  if (at === null)
    throw new NotTranslated(
      'httpRequest.path',
      `there is no endpoint at ${httpRequest.path.slice(0, 200)}. This is no general HTTP mock: answers can be ` +
        'set for the endpoints of the sandbox',
    );
  const match = {
    ...(httpRequest.method === undefined ? {} : { method: httpRequest.method }),
    ...(at.location === undefined ? {} : { location: at.location }),
    ...matchers('parameters', { ...httpRequest.queryStringParameters, ...httpRequest.body?.parameters }),
    ...matchers('headers', httpRequest.headers ?? {}),
  };
  return {
    shortPaths: at.short,
    client: at.endpoint === 'authorize' ? clientOf(httpRequest.queryStringParameters ?? {}) : null,
    fault: {
      endpoint: at.endpoint,
      ...(Object.keys(match).length === 0 ? {} : { match }),
      times: times?.remainingTimes === undefined || times.unlimited ? 'always' : times.remainingTimes,
      ...(priority === undefined ? {} : { priority }),
      effect: effectOf(expectation),
    },
  };
}

type Named = Readonly<Record<string, string | readonly string[]>>;

function matchers(kind: 'parameters' | 'headers', given: Named): Record<string, unknown> {
  const found: [string, unknown][] = Object.entries(given).map(([name, list]) => {
    const [value, ...more] = [list].flat();
    if (more.length > 0) throw new NotTranslated(`httpRequest ${kind} ${name}`, 'several values of one name');
    return name.startsWith('!') ? [name.slice(1), { otherThan: whole(value!) }] : [name, matcher(value!)];
  });
  return found.length === 0 ? {} : { [kind]: Object.fromEntries(found) };
}

/** A plain text is compared; what may be a pattern is one, and matches the whole value, or is the value itself. */
function matcher(value: string): unknown {
  return /[*+?()[\]{}|\\^$]/.test(value) ? { matches: whole(value) } : value;
}

function whole(value: string): string {
  const both = `^(?:${value}|${value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')})$`;
  return both.length <= 200 ? both : `^(?:${value})$`;
}

function clientOf(parameters: Named): Translated['client'] {
  const plain = (name: string): string | undefined => [parameters[name] ?? []].flat()[0];
  const [clientId, uri] = [plain('client_id'), plain('redirect_uri')];
  return clientId === undefined || uri === undefined || !URL.canParse(uri)
    ? null
    : { client_id: clientId, redirect_uris: [uri] };
}

function effectOf({ httpResponse, httpResponseTemplate, httpError }: Expectation): Record<string, unknown> {
  if ([httpResponse, httpResponseTemplate, httpError].filter((one) => one !== undefined).length !== 1)
    throw new NotTranslated('expectation', 'it takes one of httpResponse, httpResponseTemplate and httpError');
  if (httpError !== undefined) return { drop: true, ...delayOf(httpError.delay) };
  const { templateType = '', template = '', delay } = httpResponseTemplate ?? {};
  const answer = httpResponse ?? {
    ...response.parse(readTemplate(templateType, template)),
    ...(delay === undefined ? {} : { delay }),
  };
  const headers = Object.entries(answer.headers ?? {}).map(([name, list]) => {
    const [value, ...more] = [list].flat();
    if (more.length > 0) throw new NotTranslated(`httpResponse.headers.${name}`, 'several values of one name');
    return [name, value!] as const;
  });
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const others = headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  const body = bodyOf(answer.body);
  return {
    status: answer.statusCode ?? 200,
    ...(others.length === 0 ? {} : { headers: Object.fromEntries(others) }),
    ...(body === null ? {} : { body, content_type: type ?? typeOf(answer.body) }),
    ...delayOf(answer.delay),
  };
}

const typeOf = (body: z.output<typeof response>['body']): string =>
  typeof body === 'object' && body.type === 'JSON' ? 'application/json' : 'text/plain';

function bodyOf(body: z.output<typeof response>['body']): string | null {
  if (body === undefined) return null;
  if (typeof body === 'string') return body;
  if (body.type === 'STRING') return body.string;
  return typeof body.json === 'string' ? body.json : JSON.stringify(body.json);
}

function delayOf(delay: z.output<typeof response>['delay']): Record<string, number> {
  if (delay === undefined) return {};
  return { delay_ms: Math.round(delay.value * (delay.timeUnit === 'SECONDS' ? 1000 : 1)) };
}
