/** Runs a step with the changes of an experiment, and what is to follow it. */
import type { Prepared } from '../prepare.ts';
import { runStep, type Variant } from '../headless.ts';
import { opOf } from '../ops/index.ts';
import type { OpContext } from '../ops/op.ts';
import { arrangeStep } from '../prelude.ts';
import { namesIn } from '../values.ts';
import type { ChangeOp, ControlApi, Experiment, SandboxRef, Step, StepRequest } from '../types.ts';
import type { LabWalker } from './lab-walker.ts';

export interface ApplyOptions {
  readonly walker: LabWalker;
  readonly step: Step;
  readonly experiment: Experiment;
  readonly api: ControlApi;
  readonly sandbox: SandboxRef;
  /** Told of each request that is changed. */
  readonly onChange?: (before: Prepared, after: Prepared) => void;
}

function variantOf({ walker, step, onChange }: ApplyOptions, changes: readonly ChangeOp[]): Variant {
  const first = step.requests[0]!.id;
  const of = (request: StepRequest): ChangeOp[] => changes.filter((change) => (change.request ?? first) === request.id);
  return {
    async alter(request, prepared) {
      let altered: Prepared = prepared;
      for (const change of of(request))
        altered = (await opOf(change.op).alter?.(altered, change, walker.bag(), { walker, request })) ?? altered;
      if (altered !== prepared) onChange?.(prepared, altered);
      return altered;
    },
    times: (request) => of(request).reduce((most, change) => Math.max(most, opOf(change.op).times?.(change) ?? 1), 1),
    insists: new Set(changes.filter((change) => opOf(change.op).alter).map((change) => change.request ?? first)),
    sendsCookies: walker.sendsCookies,
  };
}

const alters = (change: ChangeOp): boolean => opOf(change.op).alter !== undefined;

/**
 * Applies the operations of an experiment in a copy that is brought to its step.
 * @throws ApiError if the control API refuses one
 */
export async function applyOps(options: ApplyOptions): Promise<void> {
  const { walker, step, experiment, api, sandbox } = options;
  const run = async (one: Step): Promise<void> => {
    await arrangeStep({ api, sandbox, walker }, one, async () => {
      // A step whose form was changed is decided by its form; else a made-up user approves.
      const original = walker.step(one.id);
      const decides = one.requests.filter(
        (request, index) => request !== original.requests[index] && request.navigates,
      );
      const isChanged = decides.some((request) => request.sends_when !== null && request.to === 'as');
      const insists = new Set(decides.map((request) => request.id));
      const asks = { ...variantOf({ ...options, step: one }, []), insists };
      const isLast = experiment.expected?.shown === 'consent' || experiment.expected?.shown === 'page';
      await runStep(walker, one, isChanged || isLast ? asks : undefined);
    });
    await walker.enrich();
  };
  const context: OpContext = { walker, step, api, sandbox, runStep: run };
  await walker.makeNamed(new Set(namesIn(JSON.stringify(experiment.change))));
  for (const change of experiment.change) {
    const op = opOf(change.op);
    await (op.arrange ?? op.prelude)?.(change, context);
  }
  const later = experiment.change.filter((change) => change.after !== undefined && alters(change));
  const sooner = experiment.change.filter((change) => !later.includes(change));
  const isPlain = later.length > 0 && !sooner.some(alters);
  // At a step that navigates an experiment wants to see the page, so an unchanged step still runs as a variant.
  const follows = experiment.change.some((change) => change.op === 'then');
  const isWalked = isPlain || (follows && !sooner.some((change) => alters(change) || opOf(change.op).times));
  await arrangeStep({ api, sandbox, walker }, step, async () => {
    await runStep(walker, step, isWalked ? undefined : variantOf(options, sooner), (...of) => walker.sendAll(...of));
    await walker.enrich();
    if (later.length > 0) await runStep(walker, step, variantOf(options, later));
    for (const change of experiment.change.filter((one) => one.op !== 'then'))
      await opOf(change.op).follow?.(change, context);
  });
  await walker.enrich();
  for (const change of experiment.change.filter((one) => one.op === 'then'))
    await opOf(change.op).follow?.(change, context);
}
