/** A stage: a change of behaviour that happens once, when an event has occurred often enough. */
import { z } from 'zod';

export const STAGE_EVENTS = [
  'metadata-fetch',
  'register',
  'authorize-request',
  'token-issued',
  'refresh',
  'authenticated-call',
  'tool-call',
] as const;
export const STAGE_ACTIONS = [
  'expire-access-tokens',
  'revoke-access-tokens',
  'revoke-grants',
  'forget-clients',
  'rotate-keys',
] as const;

export type StageEvent = (typeof STAGE_EVENTS)[number];
export type StageAction = (typeof STAGE_ACTIONS)[number];

export const stageSchema = z.strictObject({
  after: z.strictObject({ event: z.enum(STAGE_EVENTS), count: z.number().int().min(1).max(1_000_000) }),
  /** Knobs that the stage sets; read as a configuration is. */
  set: z.record(z.string(), z.json()).optional(),
  do: z.array(z.enum(STAGE_ACTIONS)).max(STAGE_ACTIONS.length).optional(),
  /** Seconds by which the clock of the sandbox moves on. */
  advance: z.number().min(0).max(31_536_000).optional(),
});

export type Stage = z.output<typeof stageSchema>;
