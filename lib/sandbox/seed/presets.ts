/** Clients and users of presets. What presets set beside them stands in lib/config. */
import type { SandboxConfig } from '#lib/config/config.ts';
import type { ClientSeed } from '#lib/config/seed.ts';

interface PresetSeed {
  readonly clients: readonly ClientSeed[];
  readonly users: readonly { readonly name: string; readonly password: string }[];
}

export const PRESETS: Readonly<Record<SandboxConfig['preset'], PresetSeed>> = {
  none: { clients: [], users: [] },
  'auth0-device': { clients: [], users: [] },
  'rust-oauth2-server': { clients: [], users: [] },
  'node-oauth2-server': {
    clients: [
      {
        client_id: 'application',
        client_secret: 'secret',
        grant_types: ['password', 'refresh_token'],
        client_name: 'application',
      },
      {
        client_id: 'confidentialApplication',
        client_secret: 'topSecret',
        grant_types: ['password', 'client_credentials'],
        client_name: 'confidentialApplication',
      },
    ],
    users: [{ name: 'pedroetb', password: 'password' }],
  },
};
