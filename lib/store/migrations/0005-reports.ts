import type { Step } from './step.ts';

/** Kept reports: they outlive their sandbox. */
export const reports: Step = {
  statements: ({ text }) => [
    `create table reports (
      id ${text} not null primary key, sandbox_id ${text} not null, address_hash ${text} not null,
      control_token_hash ${text}, delete_token_hash ${text} not null, data ${text} not null, bytes bigint not null,
      created_at bigint not null, expires_at bigint not null, read_at bigint not null)`,
    'create index reports_sandbox on reports (sandbox_id)',
    'create index reports_address on reports (address_hash)',
    'create index reports_expiry on reports (expires_at)',
    'create index reports_read on reports (read_at)',
  ],
};
