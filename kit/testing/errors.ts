/** What goes wrong when a test drives Authwalk. */

/**
 * The server refused, did not answer, or did not do in time what was waited for.
 *
 * `code` is stable: `invalid_config`, `unknown_scenario`, `timeout`, `unreachable`, or the `error` of the answer.
 */
export class AuthwalkError extends Error {
  readonly code: string;
  /** All that is wrong, as the server listed it; for `timeout`, what did arrive. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AuthwalkError';
    this.code = code;
    this.details = details;
  }
}
