/** What a grant is: one file, one contract. The index feeds dispatcher, metadata and registration. */
import type { GRANTS } from '#lib/config/values.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import type { GrantKind } from '../checks/types.ts';
import type { Context } from '../context.ts';
import type { Parameters } from '../parameters.ts';

/** @typeParam Name the parameters that may be read; none by default, for what only answers */
export interface TokenRequest<Name extends string = never> {
  readonly ctx: Context;
  readonly form: Parameters<Name>;
  readonly client: ClientRecord;
  /** Thumbprint of the key that the request proves to hold; null if it came without a proof. */
  readonly jkt: string | null;
}

/** The token response: RFC 6749 §5.1, with what OpenID Connect and RFC 8693 add. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP' | 'N_A';
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly id_token?: string;
  readonly issued_token_type?: string;
}

export interface GrantParameter {
  readonly name: string;
  readonly required?: boolean;
  readonly says: string;
  readonly clause: ClauseId;
}

export interface Grant extends GrantKind {
  /** Its name in the knob `grants`; `password` is governed by `legacyGrants`. */
  readonly knob: (typeof GRANTS)[number] | 'password';
  readonly parameters: readonly GrantParameter[];
  /** @throws OAuthError if the grant is refused */
  readonly handle: (request: TokenRequest<string>) => Promise<TokenResponse>;
}

/** A grant whose `handle` can read the parameters that it declares, and no others. */
export function defineGrant<const Declared extends readonly GrantParameter[]>(
  declared: Omit<Grant, 'parameters' | 'handle'> & {
    readonly parameters: Declared;
    readonly handle: (request: TokenRequest<Declared[number]['name']>) => Promise<TokenResponse>;
  },
): Grant {
  return declared;
}
