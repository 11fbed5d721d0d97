/**
 * The client under test in these examples: signs a user in at an authorization server, and calls an MCP tool with the
 * token. It knows nothing of Authwalk.
 */

/** @typedef {{ issuer: string, clientId: string, resource: string, redirectUri?: string }} Options */

const encode = (bytes) => Buffer.from(bytes).toString('base64url');
const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));

export class NotesClient {
  #options;
  #metadata;
  #tokens = null;
  #refreshing = null;

  /** @param {Options} options */
  constructor(options, metadata) {
    this.#options = { redirectUri: 'http://127.0.0.1:8976/callback', ...options };
    this.#metadata = metadata;
  }

  /** @param {Options} options */
  static async connect(options) {
    const { origin, pathname } = new URL(options.issuer);
    const path = pathname === '/' ? '' : pathname;
    const response = await fetch(`${origin}/.well-known/oauth-authorization-server${path}`);
    const metadata = await response.json();
    if (metadata.issuer !== options.issuer) throw new Error('The metadata is of another issuer.');
    return new NotesClient(options, metadata);
  }

  /** Opens the browser; in these examples the server answers at once. */
  async signIn() {
    const { clientId, redirectUri, resource } = this.#options;
    const state = random();
    const verifier = random();
    const challenge = encode(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    const url = new URL(this.#metadata.authorization_endpoint);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'notes:read',
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      resource,
    }).toString();
    const response = await fetch(url, { redirect: 'manual' });
    const answer = new URL(response.headers.get('location') ?? url).searchParams;
    if (answer.get('state') !== state) throw new Error('The answer is not for this request.');
    if (answer.get('iss') !== this.#metadata.issuer) throw new Error('The answer comes from another server.');
    if (answer.has('error'))
      throw new Error(answer.get('error') === 'access_denied' ? 'You did not agree.' : answer.get('error'));
    this.#tokens = await this.#token({
      grant_type: 'authorization_code',
      code: answer.get('code'),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
  }

  /** Calls a tool; refreshes once if the token was refused. */
  async call(tool = 'whoami') {
    const used = this.#tokens;
    const response = await this.#post(tool);
    if (response.status !== 401) return response.json();
    // Whoever comes second waits for the first one's refresh.
    if (this.#tokens === used) this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
    await this.#refreshing;
    return (await this.#post(tool)).json();
  }

  async #refresh() {
    const fresh = await this.#token({ grant_type: 'refresh_token', refresh_token: this.#tokens.refresh_token });
    this.#tokens = { ...this.#tokens, ...fresh };
  }

  async #token(form) {
    const { clientId, resource } = this.#options;
    const response = await fetch(this.#metadata.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, resource, ...form }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error);
    return body;
  }

  #post(tool) {
    return fetch(this.#options.resource, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': tool,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: tool,
          arguments: {},
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
  }
}
