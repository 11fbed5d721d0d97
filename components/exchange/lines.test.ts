import { describe, expect, test } from 'vitest';
import type { Exchange } from '#lib/exchange/types.ts';
import { annotate } from './anchor.ts';
import { bagOf } from './bag.ts';
import { colour } from './colour.ts';
import { jsonLines } from './json.ts';
import { requestLines, responseLines } from './lines.ts';
import { type Line, lineText, type Note } from './view.ts';

const request = (part: Partial<Exchange['request']>): Exchange['request'] => ({
  method: 'GET',
  url: 'http://localhost:3000/x',
  httpVersion: '1.1',
  headers: [],
  body: null,
  ...part,
});
const texts = (lines: readonly Line[]) => lines.map(lineText);
const note = (side: Note['side'], lemma: string): Note => ({ side, lemma, text: lemma });

describe('a message as lines', () => {
  test('a query has a line for each parameter, as it was sent', () => {
    expect(texts(requestLines(request({ url: 'http://h/a?scope=notes%3Aread&state=x' })))).toEqual([
      'GET /a',
      '  ?scope=notes%3Aread',
      '  &state=x HTTP/1.1',
    ]);
  });

  test('a form body has a line for each parameter, below an empty row', () => {
    const lines = requestLines(
      request({ method: 'POST', headers: [['content-type', 'application/x-www-form-urlencoded']], body: 'a=1&b=2' }),
    );
    expect(texts(lines)).toEqual([
      'POST /x HTTP/1.1',
      'Content-Type: application/x-www-form-urlencoded',
      'a=1',
      '  &b=2',
    ]);
    expect(lines[2]?.gap).toBe(true);
  });

  test('a challenge has a line for each of its parameters', () => {
    const lines = responseLines({
      status: 401,
      statusText: 'Unauthorized',
      headers: [['WWW-Authenticate', 'Bearer resource_metadata="http://h/m", scope="a b"']],
      body: null,
    });
    expect(texts(lines)).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'WWW-Authenticate: Bearer',
      '  resource_metadata="http://h/m",',
      '  scope="a b"',
    ]);
  });

  test('JSON says the same after it was laid out', () => {
    const body = {
      a: [1, { b: 'x'.repeat(80) }],
      empty: {},
      none: null,
      long: ['one', 'two', 'three'.repeat(30)],
      'with "quotes"': '\n',
    };
    const lines = jsonLines(JSON.stringify(body));
    expect(JSON.parse(texts(lines ?? []).join('\n'))).toEqual(body);
  });

  test('what is no JSON is shown as it came', () => {
    expect(
      texts(
        responseLines({
          status: 200,
          statusText: 'OK',
          headers: [['content-type', 'application/json']],
          body: '{"a":',
        }),
      ).at(-1),
    ).toBe('{"a":');
  });
});

describe('colour', () => {
  const bag = bagOf([
    { name: 'issuer', value: 'http://h/s/1', madeBy: 'as' },
    { name: 'resource', value: 'http://h/s/1/mcp', madeBy: 'mcp' },
  ]);
  const valuesOf = (line: Line | undefined) =>
    line?.pieces.flatMap((piece) => (piece.value ? [[piece.value.name, piece.text]] : []));

  test('a value is found with its quotation marks, and where it is encoded', () => {
    expect(valuesOf(colour(jsonLines('{"resource":"http://h/s/1/mcp"}') ?? [], bag)[0])).toEqual([
      ['resource', '"http://h/s/1/mcp"'],
    ]);
    expect(
      valuesOf(colour(requestLines(request({ url: 'http://h/a?resource=http%3A%2F%2Fh%2Fs%2F1%2Fmcp' })), bag)[1]),
    ).toEqual([['resource', 'http%3A%2F%2Fh%2Fs%2F1%2Fmcp']]);
  });

  test('colouring changes no character', () => {
    const lines = requestLines(
      request({
        method: 'POST',
        body: JSON.stringify({ iss: 'http://h/s/1', aud: ['http://h/s/1/mcp', 'http://h/s/1'] }),
      }),
    );
    expect(texts(colour(lines, bag))).toEqual(texts(lines));
  });

  test('a value that was replaced since is told from its successor', () => {
    const now = bagOf([{ name: 'issuer', value: 'http://h/s/2', madeBy: 'as' }]);
    expect(valuesOf(colour(jsonLines('{"issuer":"http://h/s/1"}') ?? [], bag, [], now)[0])).toEqual([
      ['issuer#0', '"http://h/s/1"'],
    ]);
  });
});

describe('notes', () => {
  const answer = responseLines({
    status: 400,
    statusText: 'Bad Request',
    headers: [
      ['Content-Security-Policy', "default-src 'none'"],
      ['Cache-Control', 'no-store'],
    ],
    body: '{"error":"invalid_request"}',
  });
  const placed = (notes: readonly Note[], lines: readonly Line[]) =>
    annotate(lines, notes).flatMap(({ line, notes: hung }) => hung.map((one) => [one.lemma, lineText(line)]));

  test('a note finds its line by name, by value, by status', () => {
    expect(placed([note('response', '400'), note('response', 'no-store'), note('response', 'error')], answer)).toEqual([
      ['400', 'HTTP/1.1 400 Bad Request'],
      ['no-store', 'Cache-Control: no-store'],
      ['error', '{ "error": "invalid_request" }'],
    ]);
  });

  test('what an answer lacks has no note; a header that a request lacks has a line that says so', () => {
    expect(placed([note('response', 'client_id'), note('response', '"none"')], answer)).toEqual([]);
    expect(placed([note('request', 'Authorization')], requestLines(request({ headers: [['Host', 'h']] })))).toEqual([
      ['Authorization', 'Authorization: not sent'],
    ]);
  });

  test('a header that there is a note for is not folded away', () => {
    const lines = responseLines({
      status: 302,
      statusText: 'Found',
      headers: [
        ['X-A', '1'],
        ['Referrer-Policy', 'no-referrer'],
      ],
      body: null,
    });
    expect(
      annotate(lines, [note('response', 'Referrer-Policy')]).map(({ line }) => [lineText(line), line.folded ?? false]),
    ).toEqual([
      ['HTTP/1.1 302 Found', false],
      ['Referrer-Policy: no-referrer', false],
      ['X-A: 1', true],
    ]);
  });
});
