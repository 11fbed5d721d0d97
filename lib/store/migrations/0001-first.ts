import type { Step } from './step.ts';

/**
 * The first tables.
 *
 * Tables of small rows are clustered on their key in SQLite (`without rowid`): one page less to write. Grants, codes
 * and tokens are not: their keys are random, so their pages would be too. Every `expires_at` and `live_until` that
 * the sweep looks for has an index of its own.
 *
 * Without statistics SQLite assumes that a scope holds ten grants, and reads them all instead of using an index
 * within the scope. The statistics say how many rows there are in all, in a scope, and in a scope with the same
 * second column.
 */
export const first: Step = {
  statements: ({ text, clustered }) => [
    `create table sandboxes (
      id ${text} not null primary key, config ${text} not null, scenario ${text}, control_token_hash ${text},
      secret ${text} not null,
      clock_offset bigint not null, clock_frozen_at bigint, created_at bigint not null, last_used_at bigint not null,
      ttl bigint, expires_at bigint, version bigint not null)${clustered}`,
    'create index sandboxes_expiry on sandboxes (expires_at) where expires_at is not null',
    'create index sandboxes_created on sandboxes (created_at)',

    `create table counters (
      tenant ${text} not null, name ${text} not null, value bigint not null,
      primary key (tenant, name))${clustered}`,

    `create table keys (
      tenant ${text} not null, kid ${text} not null, alg ${text} not null, private_jwk ${text} not null,
      public_jwk ${text} not null,
      created_at bigint not null, retired_at bigint,
      primary key (tenant, kid))`,
    'create unique index keys_in_use on keys (tenant, alg) where retired_at is null',

    `create table clients (
      tenant ${text} not null, client_id ${text} not null, source ${text} not null, metadata ${text} not null,
      auth_methods ${text} not null,
      secret_hash ${text}, secret_expires_at bigint not null, registration_token_hash ${text},
      created_at bigint not null,
      primary key (tenant, client_id))`,
    `create table deleted_clients (
      tenant ${text} not null, client_id ${text} not null, deleted_at bigint not null,
      primary key (tenant, client_id))${clustered}`,
    'create index deleted_clients_age on deleted_clients (deleted_at)',
    `create table client_documents (
      tenant ${text} not null, url ${text} not null, document ${text} not null, fetched_at bigint not null,
      fresh_until bigint not null,
      etag ${text},
      primary key (tenant, url))`,
    'create index client_documents_expiry on client_documents (fresh_until)',

    `create table users (
      tenant ${text} not null, sub ${text} not null, email ${text}, email_key ${text}, password_hash ${text},
      claims ${text} not null,
      temporary smallint not null, created_at bigint not null, last_used_at bigint not null,
      primary key (tenant, sub))${clustered}`,
    'create unique index users_email on users (tenant, email_key) where password_hash is not null',
    'create index users_idle on users (tenant, last_used_at)',
    `create table sessions (
      tenant ${text} not null, browser_hash ${text} not null, id ${text} not null, sub ${text} not null,
      auth_time bigint not null,
      expires_at bigint not null,
      primary key (tenant, browser_hash))${clustered}`,
    'create index sessions_expiry on sessions (expires_at)',

    `create table interactions (
      tenant ${text} not null, id ${text} not null, browser_hash ${text} not null, request ${text} not null,
      created_at bigint not null,
      expires_at bigint not null,
      primary key (tenant, id))`,
    'create index interactions_expiry on interactions (expires_at)',
    `create table grants (
      tenant ${text} not null, id ${text} not null, client_id ${text} not null, sub ${text}, kind ${text} not null,
      scope ${text} not null,
      resource ${text} not null, audience ${text} not null, details ${text} not null, created_at bigint not null,
      revoked_at bigint,
      revoked_by ${text}, live smallint not null, live_until bigint not null,
      primary key (tenant, id))`,
    'create index grants_expiry on grants (live_until)',
    'create index grants_live on grants (tenant, live_until) where live = 1',
    'create index grants_client on grants (tenant, client_id)',
    'create index grants_sub on grants (tenant, sub) where sub is not null',
    'create index grants_created on grants (tenant, created_at)',
    `create table codes (
      tenant ${text} not null, hash ${text} not null, grant_id ${text} not null, client_id ${text} not null,
      redirect_uri ${text} not null,
      code_challenge ${text}, code_challenge_method ${text}, created_at bigint not null,
      expires_at bigint not null, spent_at bigint,
      primary key (tenant, hash))`,
    'create index codes_grant on codes (tenant, grant_id)',

    `create table access_tokens (
      tenant ${text} not null, id ${text} not null, grant_id ${text}, client_id ${text} not null, sub ${text},
      scope ${text} not null,
      audience ${text} not null, issued_at bigint not null, expires_at bigint, revoked_at bigint, jkt ${text},
      details ${text} not null,
      primary key (tenant, id))`,
    'create index access_tokens_expiry on access_tokens (expires_at) where expires_at is not null',
    `create table refresh_tokens (
      tenant ${text} not null, hash ${text} not null, grant_id ${text} not null, client_id ${text} not null,
      scope ${text} not null,
      generation bigint not null, parent_hash ${text}, issued_at bigint not null, expires_at bigint not null,
      used_at bigint, jkt ${text},
      primary key (tenant, hash))`,
    'create index refresh_tokens_grant on refresh_tokens (tenant, grant_id, generation)',

    `create table devices (
      tenant ${text} not null, hash ${text} not null, user_code ${text} not null, client_id ${text} not null,
      request ${text} not null,
      created_at bigint not null, expires_at bigint not null, interval_seconds bigint not null,
      polls bigint not null, last_poll_at bigint,
      status ${text} not null, grant_id ${text},
      primary key (tenant, hash))`,
    'create index devices_user_code on devices (tenant, user_code)',
    'create index devices_expiry on devices (expires_at)',
    `create table pushed_requests (
      tenant ${text} not null, hash ${text} not null, client_id ${text} not null, request ${text} not null,
      expires_at bigint not null,
      primary key (tenant, hash))`,
    'create index pushed_requests_expiry on pushed_requests (expires_at)',
    `create table remembered (
      tenant ${text} not null, name ${text} not null, expires_at bigint not null,
      primary key (tenant, name))${clustered}`,
    'create index remembered_expiry on remembered (expires_at)',

    `create table notes (
      tenant ${text} not null, id ${text} not null, sub ${text} not null, text ${text} not null,
      created_at bigint not null,
      position bigint not null,
      primary key (tenant, id))`,
    'create index notes_sub on notes (tenant, sub, position)',
    `create table exchanges (
      tenant ${text} not null, seq bigint not null, at bigint not null, bytes bigint not null, data ${text} not null,
      primary key (tenant, seq))`,
    `create table faults (
      tenant ${text} not null, id ${text} not null, fault ${text} not null, matched bigint not null,
      acted bigint not null,
      created_at bigint not null, position bigint not null,
      primary key (tenant, id))`,
  ],
  statistics: [
    ['grants', 'sqlite_autoindex_grants_1', '1000000 5000 1'],
    ['grants', 'grants_expiry', '1000000 2'],
    ['grants', 'grants_live', '500000 2500 1'],
    ['grants', 'grants_client', '1000000 5000 20'],
    ['grants', 'grants_sub', '1000000 5000 2'],
    ['grants', 'grants_created', '1000000 5000 2'],
    ['users', 'users', '100000 500 1'],
    ['users', 'users_email', '50000 250 1'],
    ['users', 'users_idle', '100000 500 2'],
    ['refresh_tokens', 'sqlite_autoindex_refresh_tokens_1', '1000000 5000 1'],
    ['refresh_tokens', 'refresh_tokens_grant', '1000000 5000 3 1'],
    ['codes', 'sqlite_autoindex_codes_1', '1000000 5000 1'],
    ['codes', 'codes_grant', '1000000 5000 1'],
  ],
};
