import type { Step } from './step.ts';

/** What several instances share: who does a job, and how much of a rate limit is taken. */
export const instances: Step = {
  statements: ({ text, clustered }) => [
    `create table leases (
      name ${text} not null primary key, holder ${text} not null, until bigint not null)${clustered}`,
    // The columns are those of rate-limiter-flexible.
    'create table rate_limits (key varchar(255) not null primary key, points integer not null default 0, ' +
      'expire bigint)',
  ],
};
