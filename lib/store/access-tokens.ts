/** Access tokens: kept and revoked. */
import type { Connection } from './database.ts';
import { JOINED } from './grants.ts';
import { decodeList, decodeObject, encode } from './json.ts';
import type { AccessTokenRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import type { AccessTokenRecord } from './records.ts';

const ACCESS = [
  'tenant',
  'id',
  'grant_id',
  'client_id',
  'sub',
  'scope',
  'audience',
  'issued_at',
  'expires_at',
  'revoked_at',
  'jkt',
  'details',
] as const;

export const insertAccess = statement(
  ({ db }, v: AccessTokenRow) => db.insertInto('access_tokens').values(pick(v, ACCESS)),
  {
    grows: 'access_tokens',
  },
);

/** A token whose grant is gone is not found, and one of a deleted client is revoked. */
export const accessWithGrant = statement(({ db }, v: { tenant: string; id: string }) =>
  db
    .selectFrom('access_tokens as t')
    .leftJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
    .leftJoin('deleted_clients as d', (join) =>
      join
        .onRef('d.tenant', '=', 't.tenant')
        .onRef('d.client_id', '=', 't.client_id')
        .onRef('d.deleted_at', '>=', 't.issued_at'),
    )
    .selectAll('t')
    .select(JOINED)
    .select('d.deleted_at')
    .where('t.tenant', '=', v.tenant)
    .where('t.id', '=', v.id)
    .where((where) => where.or([where('t.grant_id', 'is', null), where('g.id', 'is not', null)])),
);

export const revokeAccess = statement(({ db }, v: { tenant: string; id: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ revoked_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('revoked_at', 'is', null),
);

export const revokeAllAccess = statement(({ db }, v: { tenant: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ revoked_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('revoked_at', 'is', null),
);

export const expireAllAccess = statement(({ db }, v: { tenant: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ expires_at: v.now })
    .where('tenant', '=', v.tenant)
    .where((where) => where.or([where('expires_at', '>', v.now), where('expires_at', 'is', null)])),
);

/** Stores an access token; the caller extends its grant. */
export async function insertAccessToken(
  connection: Connection,
  tenant: string,
  token: AccessTokenRecord,
): Promise<void> {
  await connection.run(insertAccess, accessRow(tenant, token));
}

export function accessRow(tenant: string, token: AccessTokenRecord): AccessTokenRow {
  return {
    tenant,
    id: token.id,
    grant_id: token.grantId,
    client_id: token.clientId,
    sub: token.sub,
    scope: encode(token.scope),
    audience: encode(token.audience),
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    revoked_at: token.revokedAt,
    jkt: token.jkt,
    details: encode(token.details),
  };
}

export function accessFromRow(row: AccessTokenRow): AccessTokenRecord {
  return {
    id: row.id,
    grantId: row.grant_id,
    clientId: row.client_id,
    sub: row.sub,
    scope: decodeList(row.scope),
    audience: decodeList(row.audience),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    jkt: row.jkt,
    details: decodeObject(row.details),
  };
}
