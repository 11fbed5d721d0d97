/** A real MCP client, as an application uses it: `@modelcontextprotocol/client` 2 with what it keeps in memory. */
import { auth, Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { authorizeHeadless, redirectUri } from '../interop/redirect.ts';

type FetchLike = typeof globalThis.fetch;

export interface McpClientOptions {
  readonly name?: string;
  /** Parameters that the user's browser adds to the authorization request, such as `expires_in`. */
  readonly authorize?: Readonly<Record<string, string>>;
  /** What the application sends its requests with. */
  readonly fetch?: FetchLike;
}

/** What an application keeps for the SDK; the SDK does everything else. */
class Provider {
  answer: URL | undefined;
  /** Whether the user may be asked; a renewal that fails would send the SDK back to them. */
  mayAsk = true;
  readonly redirectUrl = redirectUri;
  readonly clientMetadata;
  readonly kept: {
    client?: { client_id: string };
    tokens?: { access_token: string; refresh_token?: string | undefined };
    verifier?: string;
    discovery?: unknown;
  } = {};
  readonly #authorize: Readonly<Record<string, string>>;
  readonly #state = crypto.randomUUID();
  constructor({ name = 'a client', authorize = {} }: McpClientOptions) {
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
    this.#authorize = authorize;
  }
  state() {
    return this.#state;
  }
  clientInformation() {
    return this.kept.client;
  }
  saveClientInformation(client: { client_id: string }) {
    this.kept.client = client;
  }
  tokens() {
    return this.kept.tokens;
  }
  saveTokens(tokens: { access_token: string; refresh_token?: string | undefined }) {
    this.kept.tokens = tokens;
  }
  saveCodeVerifier(verifier: string) {
    this.kept.verifier = verifier;
  }
  codeVerifier() {
    return this.kept.verifier as string;
  }
  saveDiscoveryState(state: unknown) {
    this.kept.discovery = state;
  }
  discoveryState() {
    return this.kept.discovery;
  }
  async redirectToAuthorization(url: URL) {
    if (!this.mayAsk) throw new Error('The tokens could not be renewed.');
    this.answer = await authorizeHeadless(url, this.#authorize);
  }
}

export class McpClient {
  readonly provider: Provider;
  readonly #address: URL;
  readonly #options: McpClientOptions;
  #client: Client | null = null;

  /** @param address of an MCP server behind OAuth */
  constructor(address: string, options: McpClientOptions = {}) {
    this.#address = new URL(address);
    this.#options = options;
    this.provider = new Provider(options);
  }

  get accessToken(): string {
    return this.provider.kept.tokens!.access_token;
  }
  get refreshToken(): string {
    return this.provider.kept.tokens!.refresh_token!;
  }
  get clientId(): string {
    return this.provider.kept.client!.client_id;
  }

  #transport(): StreamableHTTPClientTransport {
    return new StreamableHTTPClientTransport(this.#address, {
      authProvider: this.provider as never,
      ...(this.#options.fetch ? { fetch: this.#options.fetch as never } : {}),
    });
  }

  /** Is refused, discovers, registers, and has a user approve: up to the code. */
  async begin(): Promise<StreamableHTTPClientTransport> {
    const transport = this.#transport();
    try {
      await new Client({ name: this.#options.name ?? 'a client', version: '1' }).connect(transport);
    } catch (error) {
      if (error instanceof UnauthorizedError) return transport;
      throw error;
    }
    throw new Error('It was let in without a token.');
  }

  /** Redeems the code; more than once where the server says that it is busy. */
  async redeem(transport: StreamableHTTPClientTransport, attempts = 1): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await transport.finishAuth(this.provider.answer!.searchParams);
        return;
      } catch (error) {
        if (attempt >= attempts) throw error;
      }
    }
  }

  /** With tokens in hand. */
  async connect(): Promise<Client> {
    const client = new Client({ name: this.#options.name ?? 'a client', version: '1' });
    await client.connect(this.#transport());
    this.#client = client;
    return client;
  }

  /** Calls a tool. @returns the text of its result */
  async call(name: string, args: Record<string, unknown> = {}): Promise<string> {
    const client = this.#client ?? (await this.connect());
    const result = await client.callTool({ name, arguments: args });
    const [first] = result.content as { text?: string }[];
    if (result.isError) throw new Error(first?.text ?? 'the tool failed');
    return first?.text ?? '';
  }

  /**
   * Renews the tokens, as the SDK does it when they have expired.
   * @throws if that fails; the user is not asked again
   */
  async refresh(): Promise<void> {
    const before = this.accessToken;
    this.provider.mayAsk = false;
    const outcome = await auth(this.provider as never, {
      serverUrl: this.#address,
      ...(this.#options.fetch ? { fetchFn: this.#options.fetch as never } : {}),
    }).finally(() => {
      this.provider.mayAsk = true;
    });
    if (outcome !== 'AUTHORIZED' || this.accessToken === before) throw new Error(`refresh: ${outcome}`);
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }
}
