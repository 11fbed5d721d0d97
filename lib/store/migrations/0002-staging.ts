import type { Step } from './step.ts';

/** What stages set apart from the owner's configuration, queues of the control API, and plans. */
export const staging: Step = {
  statements: ({ text }) => [
    `alter table sandboxes add column staged ${text} not null default '{}'`,
    'alter table sandboxes add column config_change bigint not null default 0',
    `create table queued (
      tenant ${text} not null, name ${text} not null, position bigint not null, item ${text} not null,
      remaining bigint not null,
      primary key (tenant, name, position))`,
    `create table plans (
      id ${text} not null primary key, control_token_hash ${text} not null, data ${text} not null,
      created_at bigint not null, expires_at bigint not null, version bigint not null)`,
    'create index plans_expiry on plans (expires_at)',
  ],
};
