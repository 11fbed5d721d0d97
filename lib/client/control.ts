/** The control API of one sandbox, as the pages use it. */
import { errorOf, type Fetch, type Method, requestJson, send } from './request.ts';

export interface Control {
  /** @throws ApiError with the server's own words */
  readonly call: <T>(method: Method, path: string, body?: unknown) => Promise<T>;
  /** A file of the run: `/export?format=har`, `/report?format=junit`. */
  readonly file: (path: string, reveal: boolean) => Promise<Blob>;
}

/**
 * @param address `/api/sandboxes/{id}`
 * @param token control or share token; null if none is needed
 */
export function createControl(address: string, token: string | null, fetch?: Fetch): Control {
  const common = { token, ...(fetch ? { fetch } : {}) };
  return {
    call(method, path, body) {
      return requestJson(method, `${address}${path}`, {
        ...common,
        body: method === 'POST' && body === undefined ? {} : body,
      });
    },
    async file(path, reveal) {
      const response = await send('GET', `${address}${path}${reveal ? '&reveal=1' : ''}`, common);
      if (!response.ok) throw await errorOf(response);
      return response.blob();
    },
  };
}
