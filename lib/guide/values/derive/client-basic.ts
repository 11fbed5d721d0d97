import { basicCredentials } from '#lib/exchange/encoding.ts';
import type { Bag } from '../../types.ts';
import type { Derive } from '../value.ts';

function from(bag: Bag, make: (id: string, secret: string) => string): string | null {
  const [id, secret] = [bag.client_id?.value, bag.client_secret?.value];
  return id === undefined || secret === undefined ? null : make(id, secret);
}

/** The value without its scheme. */
const credentials = (header: string): string => header.slice('Basic '.length);

function unescaped(id: string, secret: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(`${id}:${secret}`)));
}

/**
 * What follows `Basic`: name and secret, each form-escaped.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1
 */
export const clientBasic: Derive = {
  value: 'client_basic',
  derive: (bag) => from(bag, (id, secret) => credentials(basicCredentials(id, secret))),
};

/** The same with a secret that is not the client's. */
export const clientBasicWrong: Derive = {
  value: 'client_basic_wrong',
  derive: (bag) => from(bag, (id, secret) => credentials(basicCredentials(id, `${secret}x`))),
};

/** The same without the form-escaping, which is a common mistake. */
export const clientBasicUnescaped: Derive = {
  value: 'client_basic_unescaped',
  derive: (bag) => from(bag, unescaped),
};
