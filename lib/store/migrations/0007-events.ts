import type { Step } from './step.ts';

/** Webhooks with how far each has come, what could not be delivered, and events that came from elsewhere. */
export const events: Step = {
  statements: ({ text, clustered }) => [
    `create table webhooks (
      tenant ${text} not null, id ${text} not null, url ${text} not null, events ${text}, cursor bigint not null,
      attempts integer not null, due_at bigint not null, state ${text} not null, problem ${text},
      created_at bigint not null, delivered_at bigint, primary key (tenant, id))${clustered}`,
    `create table dead_letters (
      tenant ${text} not null, id ${text} not null, webhook ${text} not null, event ${text} not null,
      problem ${text} not null, attempts integer not null, created_at bigint not null, primary key (tenant, id))`,
    `create table ingested_events (
      tenant ${text} not null, key ${text} not null, event_id ${text} not null, data ${text} not null,
      created_at bigint not null, expires_at bigint not null, primary key (tenant, key))`,
    'create index ingested_events_expiry on ingested_events (expires_at)',
  ],
};
