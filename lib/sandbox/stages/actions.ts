/** What a stage does to everything issued so far. */
import type { StageAction } from '#lib/config/stage.ts';
import type { Tenant } from '#lib/oauth/context.ts';

/** Does one action at one issuer. */
export async function act(action: StageAction, tenant: Tenant): Promise<void> {
  const { store } = tenant;
  switch (action) {
    case 'expire-access-tokens':
      return store.endAccessTokens('expire', tenant.now());
    case 'revoke-access-tokens':
      return store.endAccessTokens('revoke', tenant.now());
    case 'rotate-keys': {
      const { rotateKeys } = await import('#lib/oauth/keys/ring.ts');
      await rotateKeys(tenant);
      return;
    }
    case 'revoke-grants': {
      for (let before: number | undefined; ; ) {
        const grants = await store.listGrants({ limit: 200, ...(before === undefined ? {} : { before }) });
        for (const grant of grants) await store.revokeGrant(grant.id, 'revoked-by-stage', tenant.now());
        const last = grants.at(-1)?.createdAt;
        if (grants.length < 200 || last === undefined || last === before) return;
        before = last;
      }
    }
    case 'forget-clients': {
      for (;;) {
        const clients = await store.listClients({ limit: 200 });
        for (const client of clients) await store.deleteClient(client.clientId, tenant.now());
        if (clients.length < 200) return;
      }
    }
  }
}
