/**
 * Parameters of a form or a query, each with one value.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.2 "Request and
 * response parameters MUST NOT be included more than once", and those "without a value MUST be
 * treated as if they were omitted"
 */
import { parameterOnce } from './checks/parameter-once.ts';
import { check } from './checks/check.ts';
import { parameterPresent } from './checks/parameter-present.ts';
import type { Evidence } from './checks/types.ts';
import type { Context, Trace } from './context.ts';

export interface Parameters {
  /** The value, or undefined if the parameter is absent or empty. */
  get(name: string): string | undefined;
  /** All values of `resource` or `audience`, the empty ones left out. */
  all(name: string): readonly string[];
}

/** Reads parameters that are known not to repeat; where one does, its first value counts. */
export function parametersOf(form: URLSearchParams): Parameters {
  return {
    get: (name) => form.get(name) || undefined,
    all: (name) => form.getAll(name).filter((value) => value !== ''),
  };
}

/**
 * Reads the form of a request to an endpoint that answers in JSON.
 * @throws OAuthError `invalid_request` if a parameter came twice, or there is no form
 */
export function readForm(ctx: Context): Parameters {
  const form = ctx.body.form ?? new URLSearchParams();
  check(ctx.trace, parameterOnce, form);
  return parametersOf(form);
}

/**
 * The value of a parameter that has to be there.
 * @param elsewhere what is known of why it is missing, for the record
 * @throws OAuthError `invalid_request` if it is absent or empty
 */
export function required(trace: Trace, parameters: Parameters, name: string, elsewhere?: Evidence): string {
  const value = parameters.get(name);
  if (value === undefined) check(trace, parameterPresent, { name, value, elsewhere });
  return value!;
}
