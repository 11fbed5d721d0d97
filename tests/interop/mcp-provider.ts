/** What an application keeps for the MCP SDK; the SDK does everything else. */
import { authorizeHeadless, redirectUri } from './redirect.ts';

export interface KeptTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
}

export class MemoryProvider {
  /** Where the browser was sent last. */
  answer: URL | undefined;
  /** The authorization URLs that were opened. */
  readonly visits: URL[] = [];
  readonly refreshTokens: string[] = [];
  readonly redirectUrl = redirectUri;
  readonly clientMetadata = {
    client_name: 'MCP SDK',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  readonly #kept: Record<string, unknown> = {};
  readonly #extra: Readonly<Record<string, string>>;

  /** @param extra further parameters of the authorization, such as `expires_in` */
  constructor(extra: Readonly<Record<string, string>> = {}) {
    this.#extra = extra;
  }
  state() {
    return 'a-state-of-this-run';
  }
  clientInformation() {
    return this.#kept.client as never;
  }
  saveClientInformation(client: unknown) {
    this.#kept.client = client;
  }
  tokens() {
    return this.#kept.tokens as KeptTokens | undefined;
  }
  saveTokens(tokens: KeptTokens) {
    this.#kept.tokens = tokens;
    this.refreshTokens.push(tokens.refresh_token ?? '');
  }
  saveCodeVerifier(verifier: string) {
    this.#kept.verifier = verifier;
  }
  codeVerifier() {
    return this.#kept.verifier as string;
  }
  saveDiscoveryState(state: unknown) {
    this.#kept.discovery = state;
  }
  discoveryState() {
    return this.#kept.discovery as never;
  }
  async redirectToAuthorization(url: URL) {
    this.visits.push(url);
    this.answer = await authorizeHeadless(url, this.#extra);
  }
}
