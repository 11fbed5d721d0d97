/** "Try it" of the reference: a form for each operation, and the request that is made of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepContainer } from '#lib/server/current.ts';
import { reference } from '#lib/server/views/reference.ts';
import { type TryField, type TryForm, tryForm } from '#lib/server/views/try-it.ts';
import { type Instance, openInstance, ORIGIN } from './lib/sandbox.ts';

interface Place {
  readonly id: string;
  readonly path: string;
  readonly base: string;
  readonly token: string | null;
}
interface Made {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}
type Known = Record<string, string>;

/** The scripts as a browser loads them: they are written in JavaScript, without types. */
const { bodyText, hint, placeOf, readBounded, requestOf } = (await import(
  new URL('../public/try-request.js', import.meta.url).href
)) as {
  bodyText(text: string): string;
  hint(schema: object): string;
  placeOf(text: string, origin: string): Place;
  readBounded(stream: ReadableStream | null, patience?: number, most?: number): Promise<{ text: string; cut: boolean }>;
  requestOf(form: TryForm, origin: string, place: Place | null, given: object): Made;
};
const { bearerFor, bodyFor, learn, valueFor } = (await import(
  new URL('../public/try-values.js', import.meta.url).href
)) as {
  bearerFor(form: TryForm, place: Place | null, known: Known): string;
  bodyFor(form: TryForm): string;
  learn(known: Known, text: string): void;
  valueFor(form: TryForm, field: TryField, place: Place | null, known: Known, grant?: string): string | undefined;
};

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
  keepContainer(Promise.resolve(instance.server.container));
});
afterAll(() => instance.close());

const formOf = async (id: string): Promise<TryForm> => (await tryForm('localhost:3000', id))!;

/** What the form is filled with, and sends. */
function filled(form: TryForm, place: Place | null, known: Known, own: Known = {}): Made {
  const values: Known = {};
  const grants = form.fields.filter(({ name }) => name === 'grant_type');
  for (const field of [...grants, ...form.fields]) {
    const name = `${field.in}.${field.name}`;
    values[name] = own[name] ?? valueFor(form, field, place, known, values['form.grant_type']) ?? '';
  }
  const bearer = bearerFor(form, place, known);
  return requestOf(form, ORIGIN, place, { address: form.addresses[0], values, bearer, extra: bodyFor(form) });
}

const send = async ({ url, method, headers, body }: Made) => {
  return instance.ask(url, { method, headers, ...(body === null ? {} : { body }) });
};

describe('the forms', () => {
  it('are there for every operation that the reference shows', async () => {
    const { groups } = await reference('localhost:3000');
    const operations = groups.flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => endpoint.operations));
    expect(operations.length).toBeGreaterThan(80);
    for (const { id, method } of operations)
      expect.soft((await tryForm('localhost:3000', id))?.method, id).toBe(method);
    expect(await tryForm('localhost:3000', 'nothing')).toBeNull();
  });

  it('have the fields with their schema', async () => {
    const exchanges = await formOf('listExchanges');
    expect(exchanges).toMatchObject({
      addresses: ['{origin}/api/sandboxes/{id}/exchanges'],
      sandbox: 'id',
      control: true,
    });
    const limit = exchanges.fields.find(({ name }) => name === 'limit')!;
    expect([limit.in, hint(limit.schema)]).toEqual(['query', 'a whole number from 1 to 500; 500 if it is not sent']);
    const fault = await formOf('addFault');
    expect(hint(fault.fields.find(({ name }) => name === 'times')!.schema)).toBe(
      '"always", or a whole number from 1 to 1000000; 1 if it is not sent',
    );
    expect(await formOf('readResourceMetadata')).toMatchObject({
      addresses: ['{origin}/.well-known/oauth-protected-resource{path}/{resource}'],
      fields: [{ name: 'resource', in: 'path', required: true }],
    });
  });
});

describe('a form that is filled from a new sandbox', () => {
  it('registers a client, gets a token for it, introspects it and calls an MCP server', async () => {
    const made = await instance.sandbox();
    const place = placeOf(made.id, ORIGIN);
    const known: Known = {};
    const registered = await send(filled(await formOf('registerClient'), place, known));
    expect(registered.status).toBe(201);
    learn(known, registered.text);
    const issued = await send(filled(await formOf('requestToken'), place, known));
    expect([issued.status, issued.body.token_type]).toEqual([200, 'Bearer']);
    learn(known, issued.text);
    const introspected = await send(filled(await formOf('introspectToken'), place, known));
    expect(introspected.body).toMatchObject({ active: true, client_id: registered.body.client_id });
    const tools = await send(filled(await formOf('callMcp'), place, known));
    expect([tools.status, tools.text]).toEqual([200, expect.stringContaining('"tools"')]);
  });

  it('reads what lies between the host and the path of a sandbox', async () => {
    const place = placeOf((await instance.sandbox()).id, ORIGIN);
    const answer = await send(filled(await formOf('readResourceMetadata'), place, {}));
    expect(answer.body).toMatchObject({ resource: `${place.base}/mcp` });
    const keys = await send(filled(await formOf('readInsertedServerMetadata'), place, {}));
    expect(keys.body).toMatchObject({ issuer: place.base });
  });

  it('takes the control token for what needs it', async () => {
    const made = await instance.sandbox();
    const place = placeOf(made.made.inspect_url as string, ORIGIN);
    expect(place.token).toBe(made.made.control_token);
    const answer = await send(
      filled(
        await formOf('putUser'),
        place,
        {},
        { 'json.email': 'ada@example.org', 'json.claims': '{"groups":["a"]}' },
      ),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ email: 'ada@example.org' });
  });
});

describe('a request', () => {
  const form: TryForm = {
    method: 'POST',
    endpoint: 'x',
    addresses: ['{origin}/api/{id}'],
    body: 'json',
    control: false,
    recorded: false,
    sandbox: null,
    fields: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'q', in: 'query', required: false, schema: { type: 'string' } },
      { name: 'n', in: 'json', required: false, schema: { type: 'integer' } },
      { name: 's', in: 'json', required: false, schema: { type: 'string' } },
      { name: 'list', in: 'json', required: false, schema: {} },
    ],
  };
  const make = (values: Known, more: object = {}) =>
    requestOf(form, ORIGIN, null, { address: form.addresses[0], values: { 'path.id': 'a', ...values }, ...more });

  it('has members of their types, and leaves out what is empty', () => {
    const { url, body } = make({
      'path.id': 'a/b',
      'query.q': 'x&y',
      'json.n': '7',
      'json.s': '7',
      'json.list': '["a"]',
    });
    expect(url).toBe(`${ORIGIN}/api/a%2Fb?q=x%26y`);
    expect(JSON.parse(body!)).toEqual({ n: 7, s: '7', list: ['a'] });
    expect(make({}).body).toBeNull();
    // What does not fit is sent as it is: the server is to refuse it.
    expect(JSON.parse(make({ 'json.n': 'seven' }).body!)).toEqual({ n: 'seven' });
    expect(JSON.parse(make({ 'json.n': '1' }, { extra: '{"m":2}' }).body!)).toEqual({ n: 1, m: 2 });
  });

  it('is not made of what cannot be sent, and the reader is told', () => {
    expect(() => make({ 'path.id': '' })).toThrow('id is a part of the address. Enter it.');
    expect(() => make({ 'path.id': '..' })).toThrow('id cannot be ".."');
    expect(() => make({ 'json.list': '[1' })).toThrow('list is no JSON');
    expect(() => make({ 'json.n': '1' }, { extra: '[]' })).toThrow('Further members have to be a JSON object.');
  });

  it.each([
    'https://evil.example/s/abc',
    '//evil.example/s/abc',
    'http://localhost:3000@evil.example/s/abc',
    'http://user@localhost:3000/s/abc',
    'http://localhost:3001/s/abc',
    'javascript:alert(1)',
    'https://',
  ])('goes to this server only, and not to %s', (typed) => {
    expect(() => placeOf(typed, ORIGIN)).toThrow(/this server only|no address/);
  });

  it('goes to no other server by its address either', () => {
    const place = { id: 'a', path: '', base: 'https://evil.example', token: null };
    const given = { address: '{base}/oauth/token', values: {} };
    expect(() => requestOf(form, ORIGIN, place, given)).toThrow('Requests go to this server only');
  });

  it('takes a sandbox by its id, its address or the address of its page', () => {
    const base = `${ORIGIN}/s/abc`;
    for (const typed of ['abc', base, `${base}/`, `${ORIGIN}/sandbox/abc`, '/s/abc'])
      expect(placeOf(typed, ORIGIN)).toEqual({ id: 'abc', path: '/s/abc', base, token: null });
    expect(placeOf(ORIGIN, ORIGIN)).toMatchObject({ id: 'default', path: '', base: ORIGIN });
    expect(() => placeOf(`${ORIGIN}/reference`, ORIGIN)).toThrow('This address is another one.');
    expect(() => placeOf(' ', ORIGIN)).toThrow('Make a sandbox first');
  });
});

describe('an answer', () => {
  const endless = () => new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000).fill(97)) });

  it('is read up to a bound, in bytes and in time', async () => {
    const { text, cut } = await readBounded(endless(), 5000, 2500);
    expect([text.length, cut]).toEqual([2500, true]);
    const silent = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('data: 1')) });
    expect(await readBounded(silent, 20)).toEqual({ text: 'data: 1', cut: true });
    expect(await readBounded(new Response('short').body)).toEqual({ text: 'short', cut: false });
  });

  it('is set out in lines if it is JSON', () => {
    expect(bodyText('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(bodyText('<b>no JSON</b>')).toBe('<b>no JSON</b>');
  });
});
