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

/** @typeParam Name the parameters that may be read: the names of a list of `endpoints/parameters.ts` or of a grant */
export interface Parameters<Name extends string> {
  /** The value, or undefined if the parameter is absent or empty. */
  readonly get: (name: Name) => string | undefined;
  /** All values of `resource` or `audience`, the empty ones left out. */
  readonly all: (name: Name) => readonly string[];
  /** Whether the query of the address has a parameter that is read from the body only. */
  readonly inAddress?: (name: string) => boolean;
}

/** A form as it came, repetitions included. @typeParam Name the parameters that may be read */
export interface Fields<Name extends string> extends Iterable<[string, string]> {
  readonly get: (name: Name) => string | null;
  readonly getAll: (name: Name) => string[];
  readonly has: (name: Name) => boolean;
}

/** Reads parameters that are known not to repeat; if one does, its first value counts. */
export function parametersOf<Name extends string>(form: URLSearchParams): Parameters<Name> {
  return {
    get: (name) => form.get(name) || undefined,
    all: (name) => form.getAll(name).filter((value) => value !== ''),
  };
}

/** The redirect URI that a request names, by form or in its URL, unchecked; null if it names none. */
export function namedRedirectUri({ body, request }: Context): string | null {
  return body.form?.get('redirect_uri') ?? new URL(request.url).searchParams.get('redirect_uri');
}

/**
 * Reads the form of a request to an endpoint that answers in JSON.
 * @throws OAuthError `invalid_request` if a parameter came twice, or there is no form
 */
export function readForm<Name extends string>(ctx: Context): Parameters<Name> {
  const form = ctx.body.form ?? new URLSearchParams();
  check(ctx.trace, parameterOnce, form);
  return { ...parametersOf<Name>(form), inAddress: (name) => new URL(ctx.request.url).searchParams.has(name) };
}

/**
 * The value of a parameter that has to be there.
 * @param elsewhere what is known of why it is missing, for the record
 * @throws OAuthError `invalid_request` if it is absent or empty
 */
export function required<Name extends string>(
  trace: Trace,
  parameters: Parameters<Name>,
  name: NoInfer<Name>,
  elsewhere?: Evidence,
): string {
  const value = parameters.get(name);
  if (value === undefined)
    check(trace, parameterPresent, { name, value, inAddress: parameters.inAddress?.(name) ?? false, elsewhere });
  return value!;
}
