/** One request to the control API: used by the pages, the guide and the kit. */

/** What `fetch` is here: a test hands in the engine itself. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** The control API refused a request, or did not answer it. */
export class ApiError extends Error {
  /** HTTP status; 0 if no answer came. */
  readonly status: number;
  /** `error` of the answer, such as `rate_limit_exceeded`; `unreachable` if no answer came. */
  readonly code: string;

  /**
   * @param status HTTP status; 0 if no answer came
   * @param code stable code for programs
   * @param message what happened, for a person
   */
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** What went wrong, for a person. */
export function explain(error: unknown): string {
  return error instanceof ApiError ? error.message : 'Something went wrong in this page.';
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface RequestOptions {
  /** Control, share or admin token; null if none is needed. */
  readonly token?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly fetch?: Fetch;
  /** ms until the request is given up; 15 000 by default. */
  readonly timeout?: number;
}

const TIMEOUT = 15_000;

/** Whether a text can be sent as a token: it may come from an address that somebody wrote. @see RFC 6750 section 2.1 */
export const isToken = (text: string): boolean => /^[\w.~+/-]{1,4096}=*$/.test(text);

/**
 * Sends one request.
 * @returns the answer, whatever its status
 * @throws ApiError `unreachable` if no answer comes in time
 */
export async function send(method: Method, url: string, options: RequestOptions = {}): Promise<Response> {
  const { token = null, body, fetch = globalThis.fetch, timeout = TIMEOUT } = options;
  if (token !== null && !isToken(token))
    throw new ApiError(401, 'invalid_token', 'What was given as a token cannot be one. Ask for the whole link again.');
  try {
    return await fetch(url, {
      method,
      cache: 'no-store',
      // A browser that keeps a password for this origin must not send it along.
      credentials: 'omit',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeout),
    });
  } catch {
    throw new ApiError(0, 'unreachable', 'The server does not answer. Try again when it is back.');
  }
}

/**
 * The error of an answer that is not 2xx.
 * @param response read by this
 */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as { error?: unknown; error_description?: unknown };
  return new ApiError(
    response.status,
    typeof body.error === 'string' ? body.error : 'failed',
    typeof body.error_description === 'string' ? body.error_description : `The server answered ${response.status}.`,
  );
}

/**
 * Sends one request and reads its JSON answer.
 * @returns the answer; null for 204
 * @throws ApiError if the server refuses or does not answer
 */
export async function requestJson<T>(method: Method, url: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, url, options);
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? null : await response.json()) as T;
}
