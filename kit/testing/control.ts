/** The control API of one sandbox: the only way in, in process and over HTTP alike. */
import { ApiError, type Method, send } from '#lib/client/request.ts';
import { AuthwalkError } from './errors.ts';

/** Asks the server; redirects are not followed. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** One request to the control API, and its answer. */
export interface Control {
  /** @throws AuthwalkError with the code and the words of the refusal */
  json<T>(method: Method, path: string, body?: unknown): Promise<T>;
  /** @throws AuthwalkError with the code and the words of the refusal */
  text(path: string): Promise<string>;
}

/**
 * @param fetch how the server is asked
 * @param address such as `http://127.0.0.1:3000/api/sandboxes/k3v9`
 * @param token the control token; null if none is needed
 */
export function createControl(fetch: Fetch, address: string, token: string | null): Control {
  const ask = async (method: Method, path: string, body?: unknown): Promise<Response> => {
    let response: Response;
    // What the server's own handle says is no silence of the server.
    let said: AuthwalkError | undefined;
    const asked: Fetch = (input, init) =>
      fetch(input, init).catch((error: unknown) => {
        if (error instanceof AuthwalkError) said = error;
        throw error;
      });
    try {
      response = await send(method, `${address}${path}`, { token, body, fetch: asked });
    } catch (error) {
      if (said !== undefined) throw said;
      if (!(error instanceof ApiError)) throw error;
      throw new AuthwalkError(error.code, `Authwalk does not answer at ${address}.`);
    }
    if (response.ok) return response;
    throw await refusal(response);
  };
  return {
    async json<T>(method: Method, path: string, body?: unknown): Promise<T> {
      const response = await ask(method, path, method === 'POST' ? (body ?? {}) : body);
      return (response.status === 204 ? undefined : await response.json()) as T;
    },
    text: async (path) => (await ask('GET', path)).text(),
  };
}

/** The error that a refused request becomes, with everything that the server listed. */
async function refusal(response: Response): Promise<AuthwalkError> {
  const body = ((await response.json().catch(() => null)) ?? {}) as Record<string, unknown>;
  const code = typeof body.error === 'string' ? body.error : `http_${response.status}`;
  const says =
    typeof body.error_description === 'string' ? body.error_description : `Authwalk answered ${response.status}.`;
  return new AuthwalkError(code, says, { status: response.status, ...body });
}
