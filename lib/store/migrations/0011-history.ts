import type { Step } from './step.ts';

/** How much there was of what an operator watches, and which processes share the database. */
export const history: Step = {
  statements: ({ text, clustered }) => [
    `create table samples (
      at bigint not null primary key, requests bigint not null, refused bigint not null, sandboxes bigint,
      bytes bigint, volume_used bigint)${clustered}`,
    `create table processes (
      id ${text} not null primary key, instance ${text} not null, seen_at bigint not null, figures ${text} not null)`,
  ],
};
