import { barrierVerbs } from './barriers.ts';
import { authorizationVerbs } from './authorization.ts';
import { clientVerbs } from './clients.ts';
import type { Database } from './database.ts';
import { deviceVerbs } from './device.ts';
import { exchangeVerbs } from './exchanges.ts';
import { faultVerbs } from './faults.ts';
import { keyVerbs } from './keys.ts';
import { ledgerFactVerbs } from './ledger-facts.ts';
import { noteVerbs } from './notes.ts';
import { onceVerbs } from './once.ts';
import { queueVerbs } from './queues.ts';
import type { SharedAppends } from './shared-appends.ts';
import { shareVerbs } from './shares.ts';
import type { TenantStore } from './store.ts';
import { tokenVerbs } from './tokens.ts';
import { userVerbs } from './users.ts';
import { webhookVerbs } from './webhooks.ts';

/** The verbs of one scope: nothing but its name and the way to the database. */
export function tenantStore(db: Database, scope: string, appends: SharedAppends | null): TenantStore {
  return {
    scope,
    ...keyVerbs(db, scope),
    ...clientVerbs(db, scope),
    ...userVerbs(db, scope),
    ...authorizationVerbs(db, scope),
    ...tokenVerbs(db, scope),
    ...deviceVerbs(db, scope),
    ...onceVerbs(db, scope),
    ...noteVerbs(db, scope),
    ...exchangeVerbs(db, scope, appends),
    ...faultVerbs(db, scope),
    ...queueVerbs(db, scope),
    ...ledgerFactVerbs(db, scope),
    ...shareVerbs(db, scope),
    ...webhookVerbs(db, scope),
    ...barrierVerbs(db, scope),
  };
}
