import type { Step } from './step.ts';

/**
 * What the store needs to make room: when a client, user or grant was last used, and whom it counts against.
 *
 * `made_by` is a hash of the address that it came from; null if it was set up by an owner. A sandbox that was deleted
 * keeps its row (`deleted_at`) until the sweep, so that what requests in flight still write is deleted as well.
 * `epoch` rises with each reset: what was recorded before it is not written after it.
 */
export const bounds: Step = {
  statements: ({ text }) => [
    'alter table sandboxes add column deleted_at bigint',
    'alter table sandboxes add column epoch bigint not null default 0',
    'create index sandboxes_idle on sandboxes (last_used_at)',
    "insert into counters (tenant, name, value) select '', 'sandboxes', count(*) from sandboxes",

    'alter table clients add column last_used_at bigint',
    `alter table clients add column made_by ${text}`,
    `update clients set last_used_at = created_at where exists (
      select 1 from grants g where g.tenant = clients.tenant and g.client_id = clients.client_id)`,

    'alter table users add column self_made smallint not null default 0',
    `alter table users add column made_by ${text}`,
    "update users set self_made = 1 where tenant = 'default' and temporary = 0",

    'alter table grants add column last_used_at bigint',
    `alter table grants add column made_by ${text}`,

    'create index access_tokens_age on access_tokens (tenant, issued_at)',
  ],
  statistics: [
    ['sandboxes', 'sandboxes_idle', '20000 2'],
    ['access_tokens', 'access_tokens_age', '1000000 5000 2'],
  ],
};
