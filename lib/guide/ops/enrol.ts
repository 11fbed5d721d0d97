import type { Op } from './op.ts';

/**
 * The administrator enters the client at the sandbox's identity provider, under the name that it has at the
 * authorization server, and with the same key.
 */
export const enrol: Op = {
  op: 'enrol',
  takes: {},
  needs: () => ['clients'],
  async prelude(_change, { api, sandbox, walker }) {
    const { client_id, client_key_x, client_key_y, client_kid, client_name, redirect_uri } = walker.bag();
    if (!client_id || !client_kid) return;
    await api.post(sandbox, 'clients?issuer=idp', {
      client_id: client_id.value,
      client_name: client_name?.value,
      redirect_uris: [redirect_uri?.value],
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'token-exchange'],
      jwks: {
        keys: [{ kty: 'EC', crv: 'P-256', x: client_key_x?.value, y: client_key_y?.value, kid: client_kid.value }],
      },
    });
  },
};
