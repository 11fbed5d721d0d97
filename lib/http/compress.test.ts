import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compress } from './compress.ts';

const asked = (path: string, accepts = 'gzip, br') =>
  new Request(`http://localhost${path}`, { headers: { 'Accept-Encoding': accepts } });
const answer = () => Response.json({ exchanges: 'x'.repeat(5000) }, { headers: { Vary: 'Origin' } });

test('a record goes out smaller, and says the same', async () => {
  const sent = compress(asked('/api/sandboxes/a/exchanges?limit=500'), answer());
  expect(sent.headers.get('content-encoding')).toBe('gzip');
  expect(sent.headers.get('vary')).toBe('Origin, Accept-Encoding');
  const bytes = Buffer.from(await sent.arrayBuffer());
  expect(bytes.byteLength).toBeLessThan(500);
  expect(JSON.parse(gunzipSync(bytes).toString('utf8'))).toEqual(await answer().json());
});

test.each([
  ['protocol answers', asked('/oauth/token')],
  ['live streams', asked('/api/sandboxes/a/stream')],
  ['readers that take no gzip', asked('/api/sandboxes/a/exchanges', 'identity')],
])('%s stay as they are', (_, request) => {
  const response = answer();
  expect(compress(request, response)).toBe(response);
});
