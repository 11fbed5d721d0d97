/**
 * oidc-provider with what a whole flow needs: registration, its own interaction finished in process, refresh tokens
 * that rotate. Everything is in memory, access tokens are RS256 JWTs. Its own memory forgets after 1000 entries, which
 * is less than a round makes: so it gets maps.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import { jwks, RESOURCE, resourceIndicators } from './oidc-provider-tokens.ts';

const port = Number(process.env.PORT);

const entries = new Map<string, AdapterPayload>();
const uids = new Map<string, string>();
const grants = new Map<string, string[]>();

class Maps implements Adapter {
  readonly #kind: string;
  constructor(kind: string) {
    this.#kind = kind;
  }
  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    const key = `${this.#kind} ${id}`;
    entries.set(key, payload);
    if (payload.uid !== undefined) uids.set(payload.uid, id);
    if (payload.grantId !== undefined) grants.set(payload.grantId, [...(grants.get(payload.grantId) ?? []), key]);
  }
  async find(id: string): Promise<AdapterPayload | undefined> {
    return entries.get(`${this.#kind} ${id}`);
  }
  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.find(uids.get(uid) ?? '');
  }
  async findByUserCode(): Promise<undefined> {}
  async consume(id: string): Promise<void> {
    entries.get(`${this.#kind} ${id}`)!.consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id: string): Promise<void> {
    entries.delete(`${this.#kind} ${id}`);
  }
  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of grants.get(grantId) ?? []) entries.delete(key);
  }
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks,
  adapter: Maps,
  cookies: { keys: ['bench'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  scopes: ['openid', 'offline_access', 'notes:read'],
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    resourceIndicators,
  },
});

/** The user signs in and agrees to everything. */
async function decide(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: 'bench', clientId: params.client_id as string });
  grant.addOIDCScope('openid offline_access notes:read');
  grant.addResourceScope(RESOURCE, 'notes:read');
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: 'bench' }, consent: { grantId } });
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
  decide(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
}).listen(port, '127.0.0.1', () => process.send?.('ready'));
