/** An SDK client as a command, for the MCP conformance suite: `node suite-client.ts sdk2 URL`. */
import { type SdkClient, sdk1, sdk2 } from './sdk.ts';

const [which, url] = process.argv.slice(2);
const client: SdkClient = which === 'sdk1' ? sdk1 : sdk2;
const instance = {
  server: {
    ask: (path: string, { host, ...init }: RequestInit & { host: string }) =>
      fetch(`http://${host}${path}`, { ...init, redirect: 'manual' }),
  },
};
const log = await client.drive(
  instance as never,
  { mcp: { oauth: url } },
  { sleep: () => undefined, stop: () => undefined },
  ['list', 'whoami', 'whoami'],
  process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === '2026-07-28' ? '2026-07-28' : undefined,
);
console.log(log.join('\n'));
