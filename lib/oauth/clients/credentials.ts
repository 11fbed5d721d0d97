/**
 * What a request brings to say whose it is, and to prove it.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.4
 */
import { decodeJwt } from 'jose';
import type { Credentials, Presented } from '../checks/types.ts';
import type { ClientParameter } from '../endpoints/parameters.ts';
import type { Parameters } from '../parameters.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function presented(headers: Pick<Headers, 'get' | 'has'>, form: Parameters<ClientParameter>): Presented {
  return {
    basic: basicCredentials(headers.get('authorization')),
    bodyClientId: form.get('client_id'),
    bodySecret: form.get('client_secret'),
    assertion: form.get('client_assertion'),
    assertionType: form.get('client_assertion_type'),
  };
}

/** The one way in which the client proves itself; it is known by now that there is at most one. */
export function credentialsOf(came: Presented): Credentials {
  if (came.basic) return { method: 'client_secret_basic', ...came.basic };
  if (came.assertion !== undefined || came.assertionType !== undefined) {
    return {
      method: 'private_key_jwt',
      clientId: came.bodyClientId ?? subjectOf(came.assertion ?? ''),
      assertion: came.assertion ?? '',
    };
  }
  if (came.bodySecret !== undefined)
    return { method: 'client_secret_post', clientId: came.bodyClientId, secret: came.bodySecret };
  return { method: 'none', clientId: came.bodyClientId };
}

/**
 * Identifier and secret of an `Authorization: Basic` header. Each is form-encoded before the two are
 * joined, and is decoded here: a colon or a plus in a secret comes through no other way.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1
 * @returns null if the header is absent or of another scheme
 */
export function basicCredentials(header: string | null): { clientId: string | undefined; secret: string } | null {
  if (header === null || !/^basic(?: |$)/i.test(header)) return null;
  const unreadable = { clientId: undefined, secret: '' };
  const encoded = header.slice(6).trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return unreadable;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return unreadable;
  const clientId = formDecoded(pair.slice(0, colon));
  const secret = formDecoded(pair.slice(colon + 1));
  // A secret that cannot be decoded is a wrong secret of a client that is named.
  return { clientId: clientId ?? undefined, secret: secret ?? '' };
}

function formDecoded(text: string): string | null {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function subjectOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}
