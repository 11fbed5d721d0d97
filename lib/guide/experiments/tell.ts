/** An experiment in words: what was done to the sandbox, and which lines of the answer decide. */
import { errorOf, jsonOf, tokenChallengeOf } from '#lib/exchange/read.ts';
import type { ChangeOp, ExchangeEntry, Experiment, Note } from '../types.ts';

const SENTENCES: Readonly<Record<string, (change: ChangeOp) => string>> = {
  clock: ({ advance = 0 }) => `The clock of the sandbox is moved on by ${seconds(advance)}.`,
  knob: ({ knob, value }) => `The server is set otherwise: ${knob} = ${JSON.stringify(value)}.`,
  parallel: ({ count = 2 }) => `The request is sent ${count} times at the same instant.`,
  replay: ({ after }) =>
    after === 'failure' ? 'The request is sent again after its failure.' : 'The request is sent again.',
  fault: () => 'The answer is lost on the way: a fault of the sandbox.',
  register_another: () => 'A second client is registered.',
  user: () => 'The user exists in the sandbox.',
  revoke_grant: () => 'The user takes the consent back first.',
  forget_session: () => 'Nobody is signed in with this browser.',
  hold: ({ value }) => `The client holds another ${String(value)} than the one that it sent.`,
  key: ({ alg, include }) =>
    include === 'private' ? 'The proof shows the private key as well.' : `The proof is signed with ${String(alg)}.`,
  assertion: ({ alg, audience }) =>
    alg === undefined
      ? `The client signs for another audience: ${String(audience)}.`
      : `The client signs with ${String(alg)}.`,
  api: ({ path }) => `The operator acts first: ${String(path)}.`,
};

function seconds(advance: number): string {
  if (advance >= 86_400) return `${Math.round(advance / 86_400)} days`;
  if (advance >= 3600) return `${Math.round(advance / 360) / 10} hours`;
  return advance >= 120 ? `${Math.round(advance / 6) / 10} minutes` : `${advance} seconds`;
}

/** What was done besides changing a request, a sentence each. */
export function whatWasDone(experiment: Experiment): string[] {
  return experiment.change.flatMap((change) => SENTENCES[change.op]?.(change) ?? []);
}

/** Notes at the lines that changed, and at the line that decides; each is true of this exchange. */
export function decidingNotes(experiment: Experiment, entry: ExchangeEntry): Note[] {
  const { exchange } = entry;
  const common = { request: entry.request, clause: null, when: {} };
  const changed = experiment.change.flatMap((change): Note[] => {
    const lemma = change.query ?? change.form ?? change.header ?? change.at?.split('/').at(-1);
    const isHere = change.request === undefined || change.request === entry.request;
    return lemma === undefined || !isHere || change.op === 'remove'
      ? []
      : [{ ...common, side: 'request', lemma, note: 'Changed by this experiment.' }];
  });
  const error = errorOf(exchange);
  const lemma = error !== null ? error : tokenChallengeOf(exchange) ? 'WWW-Authenticate' : null;
  const failed = exchange.between.find((check) => !check.ok);
  const why = failed ? `The check that objected: ${failed.says}.` : 'This line decides.';
  if (lemma !== null) return [...changed, { ...common, side: 'response', lemma, note: why }];
  const member = Object.keys(jsonOf(exchange.response) ?? {})[0];
  return member === undefined
    ? changed
    : [...changed, { ...common, side: 'response', lemma: member, note: 'Answered.' }];
}
