/** The control API, as the page of a sandbox uses it. */

/** The server refused, and says why; `status` 0 where it did not answer. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, says: string) {
    super(says);
    this.name = 'Refused';
    this.status = status;
  }
}

export interface Control {
  /** @throws Refused with the server's own words */
  readonly call: <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<T>;
  /** A file of the run. */
  readonly file: (format: string, reveal: boolean) => Promise<Blob>;
}

/**
 * @param address `/api/sandboxes/{id}`
 * @param token control or share token; null where none is needed
 */
export function createControl(address: string, token: string | null): Control {
  const auth: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${address}${path}`, {
        method,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          Accept: 'application/json',
          ...auth,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      throw new Refused(0, 'The server does not answer.');
    }
    if (response.ok) return response;
    const told = (await response.json().catch(() => ({}))) as { error_description?: unknown };
    throw new Refused(
      response.status,
      typeof told.error_description === 'string' ? told.error_description : `The server answered ${response.status}.`,
    );
  }
  return {
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await send(method, path, method === 'POST' && body === undefined ? {} : body);
      return (response.status === 204 ? null : await response.json()) as T;
    },
    async file(format, reveal) {
      return (await send('GET', `/export?format=${format}${reveal ? '&reveal=1' : ''}`)).blob();
    },
  };
}

/** What went wrong, for a person. */
export function words(error: unknown): string {
  return error instanceof Refused ? error.message : 'Something went wrong in this page.';
}
