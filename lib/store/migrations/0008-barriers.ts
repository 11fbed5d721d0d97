import type { Step } from './step.ts';

/** Requests that a fault holds until others have come, whichever instance they come to. */
export const barriers: Step = {
  statements: ({ text, clustered }) => [
    `create table barriers (
      tenant ${text} not null, name ${text} not null, place integer not null, arrived_at bigint not null,
      ended_at bigint, expires_at bigint not null, primary key (tenant, name, place))${clustered}`,
  ],
};
