/** All operations that an experiment, or the `prelude` of a step, may name. */
import { api } from './api.ts';
import { append } from './append.ts';
import { assertion } from './assertion.ts';
import { clock } from './clock.ts';
import { contentType } from './content-type.ts';
import { fault } from './fault.ts';
import { runBefore } from './run-before.ts';
import { enrol } from './enrol.ts';
import { forgetSession } from './forget-session.ts';
import { hold } from './hold.ts';
import { key } from './key.ts';
import { knob } from './knob.ts';
import { method } from './method.ts';
import type { Op } from './op.ts';
import { parallel } from './parallel.ts';
import { registerAnother } from './register-another.ts';
import { remove } from './remove.ts';
import { replay } from './replay.ts';
import { resign } from './resign.ts';
import { revokeGrant } from './revoke-grant.ts';
import { setUrl } from './set-url.ts';
import { set } from './set.ts';
import { tamper } from './tamper.ts';
import { runAfter } from './run-after.ts';
import { user } from './user.ts';
import { wait } from './wait.ts';

const list: readonly Op[] = [
  api,
  append,
  assertion,
  clock,
  contentType,
  enrol,
  fault,
  runBefore,
  forgetSession,
  hold,
  key,
  knob,
  method,
  parallel,
  registerAnother,
  remove,
  replay,
  resign,
  revokeGrant,
  set,
  setUrl,
  tamper,
  runAfter,
  user,
  wait,
];

/** Operations by name. */
export const ops: ReadonlyMap<string, Op> = new Map(list.map((op) => [op.op, op]));

/** @throws Error for a name that no file of this folder has: the schema lets none through */
export function opOf(name: string): Op {
  const found = ops.get(name);
  if (!found) throw new Error(`There is no operation ${name}.`);
  return found;
}
