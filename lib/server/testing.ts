/** For tests: a whole server in memory, without a socket. */
import { type Container, type ContainerOptions, createContainer } from './container.ts';
import { readEnv } from './env.ts';

export interface TestServer {
  readonly container: Container;
  /** Asks at `http://localhost:3000` unless the address says otherwise. Answers are not followed. */
  ask(path: string, init?: RequestInit & { readonly host?: string }): Promise<Response>;
  close(): Promise<void>;
}

/** @param env variables of the contract */
export async function testServer(
  env: Readonly<Record<string, string>> = {},
  options: Pick<ContainerOptions, 'wall' | 'ownOrigins' | 'store'> = {},
): Promise<TestServer & { readonly logged: string[] }> {
  const logged: string[] = [];
  const container = await createContainer(readEnv({ DATABASE_URL: ':memory:', ...env }), {
    log: (message, error) => logged.push(`${message} ${error instanceof Error ? (error.stack ?? error.message) : ''}`),
    ...options,
  });
  return {
    container,
    logged,
    async ask(path, { host = 'localhost:3000', ...init } = {}) {
      const headers = new Headers(init.headers);
      headers.set('host', host);
      return container.app.fetch(new Request(`http://${host}${path}`, { redirect: 'manual', ...init, headers }), {});
    },
    close: () => container.close(),
  };
}

/** A form body. */
export function form(parameters: Readonly<Record<string, string>> | string): RequestInit {
  return {
    method: 'POST',
    body: typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}

/** A JSON body. */
export function json(value: unknown, method = 'POST', headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method,
    body: typeof value === 'string' ? value : JSON.stringify(value),
    headers: { 'content-type': 'application/json', ...headers },
  };
}
