/** Where a knob that acted shows in the exchange: the member, parameter or header that it made different. */
import type { Exchange } from './types.ts';

const snake = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Knobs whose last word is not the name of what they change. */
const NAMES: Readonly<Record<string, string>> = {
  'tokens.accessLifetime': 'expires_in',
  'tokens.expiresIn': 'expires_in',
  'tokens.type': 'token_type',
  'tokens.responseType': 'token_type',
  'metadata.claimIssuer': 'issuer',
  'metadata.pkceMethods': 'code_challenge_methods_supported',
  'metadata.registration': 'registration_endpoint',
  'prm.authorizationServers': 'authorization_servers',
  'resource.challenge': 'WWW-Authenticate',
  'resource.challengeScope': 'WWW-Authenticate',
};

/** Names of what the knobs that acted made different in the answer. */
export function actedOn(exchange: Exchange): string[] {
  return exchange.acted
    .filter(({ kind }) => kind === 'knob')
    .map(({ name }) => NAMES[name] ?? snake(name.split('.').at(-1) ?? name));
}
