import type { Step } from './step.ts';

/** Classes: one link for many participants, and how far each of them is. */
export const classes: Step = {
  statements: ({ text, clustered }) => [
    `create table classes (
      id ${text} not null primary key, control_token_hash ${text} not null, address_hash ${text} not null,
      data ${text} not null, created_at bigint not null, expires_at bigint not null, version integer not null)`,
    'create index classes_expiry on classes (expires_at)',
    'create index classes_address on classes (address_hash)',
    `create table class_members (
      class_id ${text} not null, member_hash ${text} not null, data ${text} not null, joined_at bigint not null,
      seen_at bigint not null, primary key (class_id, member_hash))${clustered}`,
  ],
};
