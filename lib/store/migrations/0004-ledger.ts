import type { Step } from './step.ts';

/** What a sandbox remembers of its ledger through resets, and the links that show it to others. */
export const ledger: Step = {
  statements: ({ text, clustered }) => [
    `create table ledger_facts (
      tenant ${text} not null, kind ${text} not null, name ${text} not null, at bigint not null,
      primary key (tenant, kind, name))${clustered}`,
    `create table shares (
      tenant ${text} not null, token_hash ${text} not null, id ${text} not null, created_at bigint not null,
      primary key (tenant, token_hash))${clustered}`,
  ],
};
