/**
 * What clients that were written for the MCP conformance suite are told, in the words of the suite.
 * @see https://github.com/modelcontextprotocol/conformance/blob/main/src/schemas/context.ts
 */
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import type { ConnectionDetails } from './sandboxes.ts';
import type { ScenarioChoice } from './select.ts';

/** The plainest scenario of the suite: what a client of the suite does where the suite has no scenario. */
const PLAIN = 'auth/metadata-default';

/** A private key as PEM; undefined if there is none. */
function pemOf(jwk: unknown): string | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  return createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/**
 * The variables of the environment that the suite sets.
 * @param client that was registered beforehand; null if there is none: the suite hands nothing out then
 */
export function suiteEnvironment(
  { conformance }: Pick<ScenarioChoice, 'conformance'>,
  client: ConnectionDetails | null,
  revision: string,
): Record<string, string> {
  const name = conformance ?? PLAIN;
  const env = { MCP_CONFORMANCE_SCENARIO: name, MCP_CONFORMANCE_PROTOCOL_VERSION: revision };
  if (client === null) return env;
  const { private_jwk, id_token, assertions } = client;
  const context = {
    name,
    ...client,
    private_key_pem: pemOf(private_jwk),
    signing_algorithm: memberOf(private_jwk, 'alg'),
    ...(id_token === undefined
      ? {}
      : { idp_id_token: id_token, idp_client_id: client.idp_client_id ?? client.client_id }),
    valid_jwt: memberOf(assertions, 'valid'),
    wrong_audience_jwt: memberOf(assertions, 'wrong_audience'),
    expired_jwt: memberOf(assertions, 'expired'),
  };
  return { ...env, MCP_CONFORMANCE_CONTEXT: JSON.stringify(context) };
}
