/** `authwalk healthcheck`: asks `/ready`, for containers. */
import http from 'node:http';
import https from 'node:https';
import { CommandError, EXIT } from './exit.ts';

/** Milliseconds that an answer may take. */
const PATIENCE = 1_200;

/**
 * @param port where the server listens
 * @throws CommandError if it is not ready
 */
export async function healthcheck(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/ready`;
  let status: number;
  try {
    // A server that speaks HTTPS says nothing to a request without.
    status = await ask(http.request, url).catch(() =>
      // It is this machine that is asked whether it is alive, and nothing is told to it.
      ask(https.request, url.replace('http:', 'https:'), { rejectUnauthorized: false }),
    );
  } catch {
    throw new CommandError(EXIT.against, `${url} answers neither by HTTP nor by HTTPS.`);
  }
  if (status !== 200) throw new CommandError(EXIT.against, `${url} answered ${status}.`);
}

/** @returns the status of the answer */
function ask(request: typeof http.request, url: string, options: https.RequestOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, timeout: PATIENCE }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    asked.once('error', reject);
    asked.end();
  });
}
