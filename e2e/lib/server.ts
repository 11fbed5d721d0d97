/** Servers beside the one of the journeys. Each ends with the test that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { request as open } from 'node:http';
import { createServer } from 'node:net';

/** A port of this machine that nothing listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Starts a script with Node, and waits for its first words. */
export async function startScript(script: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script], { env: { ...process.env, ...env } });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}.`)));
  });
  return child;
}

export interface Plain {
  readonly status: number;
  readonly text: string;
}

/** Asks a server of this machine under the name by which others know it. */
export function ask(port: number, host: string, path: string, body: string | null = null): Promise<Plain> {
  return new Promise((resolve, reject) => {
    const options = { port, path, method: body === null ? 'GET' : 'POST', headers: { host, accept: 'text/html' } };
    const request = open(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
