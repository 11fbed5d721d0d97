import { expect, test } from 'vitest';
import { standInOf } from './stand-in.ts';

const ORIGIN = 'http://localhost:3000';

test.each([
  ['http://localhost:8080/mcp', 'http://localhost:8080/mcp'],
  [' http://127.0.0.1:8080 ', 'http://127.0.0.1:8080'],
  ['https://localhost/mcp?team=a', 'https://localhost/mcp?team=a'],
])('%s can stand in', (typed, url) => {
  expect(standInOf(typed, ORIGIN)).toEqual({ url });
});

test.each([
  'not an address',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'http://10.0.0.7/mcp',
  'https://elsewhere.example/mcp',
  'http://localhost.elsewhere.example/mcp',
  'http://169.254.169.254/latest',
  'http://user:secret@localhost:8080/mcp',
  'http://localhost:8080/mcp#x',
  'http://localhost:3000/mcp',
  'http://127.0.0.1:3000/s/x/mcp',
])('%s cannot', (typed) => {
  expect(standInOf(typed, ORIGIN)).toEqual({ why: expect.stringMatching(/\.$/) });
});
