/** Who is no browser gets a 404 of the pages as JSON, on a connection that goes on. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { jsonIfNotFound } from './not-found.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Everything that comes back for bytes, until the server closes. */
async function answersTo(bytes: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test.each(['GET', 'HEAD', 'POST'])('%s: the answer has a length, and the next request is answered', async (method) => {
  server = createServer((request, response) => {
    if (request.url !== '/nothing') return response.end('the next one');
    jsonIfNotFound(response, 'http://localhost');
    // As Next does it.
    response.statusCode = 404;
    response.setHeader('Content-Type', 'text/html');
    response.setHeader('Transfer-Encoding', 'chunked');
    response.write('<p>Nothing</p>');
    response.end('<p>here</p>');
  });
  const head = 'HTTP/1.1\r\nHost: localhost\r\n';
  const came = await answersTo(
    `${method} /nothing ${head}Content-Length: 0\r\n\r\nGET /next ${head}Connection: close\r\n\r\n`,
  );
  expect(came).toMatch(/^HTTP\/1\.1 404 Not Found\r\n(?:[^\r]+\r\n)*Content-Length: \d+\r\n/);
  expect(came).toContain('the next one');
  expect(came.includes('"error":"not_found"')).toBe(method !== 'HEAD');
});
