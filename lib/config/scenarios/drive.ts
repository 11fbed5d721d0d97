/** What a person or a driver does in a scenario: in words, and how long it takes. */
import type { Scenario } from './index.ts';
import type { DriveStep } from './scenario.ts';

/** A step as a sentence for a person. */
export function stepWords(step: DriveStep): string {
  if (step === 'connect') return 'Connect your client to the address.';
  if (step === 'list') return 'List the tools.';
  if (step === 'again') return 'Try the same again.';
  if (step === 'reconnect') return 'Disconnect your client and connect it anew.';
  if ('call' in step) return `Call the tool ${step.call}.`;
  if ('wait' in step) return `Wait ${step.wait} seconds.`;
  if ('advance' in step) return `Move the clock of the sandbox ${step.advance} seconds on.`;
  return step.decide === 'approve' ? 'Approve on the consent page.' : 'Deny on the consent page.';
}

/** Seconds that a client may take for what it does itself. */
const OF_THE_CLIENT = { least: 1, most: 30 };
/** Seconds that are waited for a consent page that never answers. */
const NEVER = 30;

/** Seconds of real time that a scenario takes: what the server holds back, and the client's own time. */
export function secondsOf({ config, drive }: Pick<Scenario, 'config' | 'drive'>): { least: number; most: number } {
  const waits = drive.reduce((all, step) => all + (typeof step === 'object' && 'wait' in step ? step.wait : 0), 0);
  const polls =
    (config['device.pendingPolls'] ?? 0) * (config['device.interval'] ?? 5) +
    (config['device.slowDownPolls']?.length ?? 0) * 5;
  const late = (config.faults ?? []).reduce((all, { effect, times }) => {
    const often = times === 'always' ? 1 : times;
    const retry = Object.entries(effect.headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    return all + often * (((effect.delay_ms ?? 0) + (effect.hang_ms ?? 0)) / 1000 + (Number(retry) || 0));
  }, 0);
  const held = (config['consent.delay'] ?? 0) + polls + late;
  const never = config['consent.outcome'] === 'silent' ? NEVER : 0;
  return {
    least: Math.ceil(OF_THE_CLIENT.least + held + waits),
    most: Math.ceil(OF_THE_CLIENT.most + held + Math.max(waits, never)),
  };
}
