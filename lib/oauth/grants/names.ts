/** Grants that have a short name in the configuration and a long one on the wire. */
import { entryOf } from '#lib/spec/own.ts';
const LONG: Readonly<Record<string, string>> = {
  device_code: 'urn:ietf:params:oauth:grant-type:device_code',
  'token-exchange': 'urn:ietf:params:oauth:grant-type:token-exchange',
  'jwt-bearer': 'urn:ietf:params:oauth:grant-type:jwt-bearer',
};

/** The name of a grant as it stands in `grant_type`, whichever of the two it is called by. */
export function grantTypeName(name: string): string {
  return entryOf(LONG, name) ?? name;
}
