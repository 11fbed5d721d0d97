/** The walker of a level: one request at a time, and the browser's own navigations in the page. */
import { parameterKey, type Prepared } from '#lib/guide/prepare.ts';
import { makeKey, memoryKeys } from '#lib/guide/proofs.ts';
import type { Bag, Edit, ExchangeEntry, RequestEdits, Step, StepRequest } from '#lib/guide/types.ts';
import { makes } from '#lib/guide/values/index.ts';
import { fill } from '#lib/guide/values.ts';
import type { SenderOptions, SendRequest } from '#lib/guide/sender.ts';
import { locationOf, Walker } from '#lib/guide/walker.ts';
import { ELSEWHERE, isHome } from './refuse.ts';
import type { Played } from './types.ts';

/** The edits of a request that a move stands for. `{name}` in what was typed stands for the value of that name. */
export function editsOf(request: StepRequest, played: Played, bag: Bag): RequestEdits {
  const edits: Record<string, Edit> = {};
  for (const parameter of request.parameters) {
    const key = parameterKey(parameter);
    const typed = played.set[parameter.name];
    if (played.without.includes(parameter.name)) edits[key] = { value: null, omitted: true };
    else if (typed !== undefined) edits[key] = { value: fill(typed, bag), omitted: false };
  }
  return edits;
}

export class LevelWalker extends Walker {
  readonly #store;
  constructor(options: SenderOptions) {
    super(options);
    this.#store = options.keys ?? memoryKeys();
  }

  /** What the client makes before it sends this step: shown before it is sent. */
  async fresh(step: Step): Promise<Record<string, string>> {
    const own = new Set(step.values_made.filter((made) => made.by === 'client').map((made) => made.value));
    const wanted = makes.filter((one) => one.values.some((name) => own.has(name)));
    const all = await Promise.all(wanted.map((one) => one.make({ makeKey: () => makeKey(this.#store) })));
    return Object.fromEntries(all.flatMap((one) => Object.entries(one)).filter(([name]) => own.has(name)));
  }

  /** Writes down what the client made. */
  made(step: Step, run: number, values: Readonly<Record<string, string>>): void {
    if (Object.keys(values).length > 0) this.note(step, run, values);
  }

  /**
   * A level may be anybody's: what its start sends keeps to its own sandbox, too.
   * @throws Refused if it does not
   */
  override async send(
    step: Step,
    request: StepRequest,
    prepared: Prepared,
    options: SendRequest = {},
  ): Promise<ExchangeEntry> {
    if (!isHome(prepared.url, this.state.sandbox?.base ?? this.origin)) throw new Refused(ELSEWHERE);
    return super.send(step, request, prepared, options);
  }

  /**
   * Sends one request. Where the answer sends the browser to the client, the browser goes there.
   * @param check says why a request is not sent; null: it is
   * @throws Refused if it is not sent
   */
  async play(
    step: Step,
    request: StepRequest,
    run: number,
    check: (prepared: Prepared) => string | null,
  ): Promise<ExchangeEntry> {
    await this.makeProof(step, request, run);
    const prepared = this.prepare(step, request);
    const refusal = check(prepared);
    if (refusal !== null) throw new Refused(refusal);
    const credentials = request.navigates ? 'same-origin' : 'omit';
    const entry = await this.send(step, request, prepared, { run, credentials });
    await this.enrich();
    const answer = this.lastExchange(step.id) ?? entry;
    const asked = answer.exchange.endpoint === 'authorize' ? this.#asked(prepared) : null;
    if (asked !== null) this.made(step, run, { requested_scope: asked });
    const location = locationOf(answer.exchange);
    const back = this.bag().redirect_uri?.value;
    if (request.navigates && location !== null && back !== undefined && location.startsWith(`${back}?`))
      await this.arrive(location);
    return answer;
  }

  #asked(prepared: Prepared): string | null {
    return new URL(prepared.url).searchParams.get('scope');
  }
}

/** A move that a level does not allow. The message is for the player. */
export class Refused extends Error {}
