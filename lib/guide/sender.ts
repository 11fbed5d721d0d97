import { tokenOf } from '#lib/exchange/read.ts';
import type { Fetch } from '#lib/client/request.ts';
import { type AssertionStyle, FOR_THE_SERVER, signAssertion } from './assertions.ts';
import { clientChecks } from './client-checks.ts';
import { extractValues, previousValues } from './extract.ts';
import { ledgerOf, memoryOf } from './ledger.ts';
import { type KeyStore, makeKey, memoryKeys, PROPER, type ProofStyle, signProof } from './proofs.ts';
import { makes } from './values/index.ts';
import { type Prepared, prepareRequest } from './prepare.ts';
import { sendPrepared } from './record.ts';
import { type Change, freshKey, lastRun, lastRunSent, withEntries } from './state.ts';
import { stepOf } from './texts.ts';
import type { ControlApi, Exchange, ExchangeEntry, RunState, Step, StepRequest, Track } from './types.ts';

export interface SenderOptions {
  readonly track: Track;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi;
  readonly now: () => number;
  readonly state: () => RunState;
  readonly change: (change: Change) => void;
  /** Where key pairs are kept; in memory by default. */
  readonly keys?: KeyStore;
  /** Told before each request. */
  readonly onRequest?: (step: Step, request: StepRequest) => void;
}

export interface SendRequest {
  readonly credentials?: RequestCredentials;
  readonly signal?: AbortSignal;
  /** Attempt number; defaults to the latest. */
  readonly run?: number;
}

/** Values that a request needs at the moment of sending: they are signed over the request itself. */
const PROOFS = ['dpop_proof', 'dpop_proof_with_nonce'] as const;

export class Sender {
  protected readonly options: SenderOptions;
  /** What a request was given, by key of its entry: the record also has what the browser added. */
  protected readonly sentHeaders = new Map<string, Prepared['headers']>();
  readonly #keys: KeyStore;
  /** How proofs are made from now on. */
  proofStyle: ProofStyle = PROPER;
  /** How the client signs about itself from now on. */
  assertionStyle: AssertionStyle = FOR_THE_SERVER;
  constructor(options: SenderOptions) {
    this.options = options;
    this.#keys = options.keys ?? memoryKeys();
  }

  get track(): Track {
    return this.options.track;
  }
  get state(): RunState {
    return this.options.state();
  }
  get origin(): string {
    return this.options.origin;
  }

  step(id: string): Step {
    return stepOf(this.track, id);
  }

  ledger() {
    return ledgerOf(this.track, this.state, this.origin);
  }
  bag() {
    return this.ledger().bag;
  }
  /** Wall time, ms. */
  now(): number {
    return this.options.now();
  }

  /** Makes what the client makes before it asks, if the step has such values and the last ones were used. */
  async makeFresh(step: Step): Promise<void> {
    const own = new Set(step.values_made.filter((made) => made.by === 'client').map((made) => made.value));
    const wanted = makes.filter((one) => one.values.some((name) => own.has(name)));
    const isFresh = () => lastRun(this.state, step.id) > 0 && !lastRunSent(this.state, step.id);
    if (wanted.length === 0 || isFresh()) return;
    const all = await Promise.all(wanted.map((one) => one.make({ makeKey: () => makeKey(this.#keys) })));
    if (isFresh()) return;
    const made = Object.fromEntries(all.flatMap((one) => Object.entries(one)).filter(([name]) => own.has(name)));
    this.note(step, lastRun(this.state, step.id) + 1, made);
  }

  /** Makes values that only an experiment names, such as `fresh_nonce`. */
  async makeNamed(names: ReadonlySet<string>): Promise<void> {
    for (const one of makes.filter((candidate) => candidate.values.every((name) => names.has(name)))) {
      const made = await one.make({ makeKey: () => makeKey(this.#keys) });
      this.note(this.track.steps[0]!, 0, made);
    }
  }

  /** Writes down values that nothing brought: the client made them. */
  protected note(step: Step, run: number, made: Readonly<Record<string, string>>): void {
    const key = freshKey(this.state, step.id, 'made', run);
    this.options.change(withEntries([{ kind: 'made', key, step: step.id, run, at: this.options.now(), made }]));
  }

  /** Makes what a request carries and is signed for this one moment: an assertion of the client, or a DPoP proof. */
  async makeProof(step: Step, request: StepRequest, run: number): Promise<void> {
    const templates = JSON.stringify([request.headers, request.parameters]);
    if (templates.includes('{client_assertion}')) await this.#makeAssertion(step, request, run);
    for (const name of PROOFS.filter((candidate) => templates.includes(`{${candidate}}`))) {
      const bag = this.bag();
      if (!bag.dpop_jkt) return;
      const prepared = this.prepare(step, request);
      const nonce = name === 'dpop_proof' ? null : (bag.dpop_nonce?.value ?? null);
      const proof = await this.proofFor(prepared, { jkt: bag.dpop_jkt.value, nonce });
      const before: Record<string, string> = {};
      if (bag.dpop_proof) before.previous_dpop_proof = bag.dpop_proof.value;
      this.note(step, run, { ...before, [name]: proof });
    }
  }

  /** What the client signs about itself, for the server that the request goes to. */
  async #makeAssertion(step: Step, request: StepRequest, run: number): Promise<void> {
    const { client_id, client_kid, issuer, idp_issuer } = this.bag();
    const audience = request.url.startsWith('{idp_') ? idp_issuer : issuer;
    if (!client_id || !client_kid || !audience) return;
    const now = this.options.now() + this.state.clockOffset;
    const claims = { clientId: client_id.value, audience: audience.value, now };
    const made = await signAssertion(this.#keys, client_kid.value, claims, this.assertionStyle);
    this.note(step, run, { client_assertion: made });
  }

  /** A proof for a prepared request. */
  async proofFor(
    prepared: Prepared,
    { jkt, nonce }: { readonly jkt: string; readonly nonce: string | null },
  ): Promise<string> {
    const presented = tokenOf({ request: { ...prepared, httpVersion: '1.1' } });
    const now = this.options.now() + this.state.clockOffset;
    const claims = { method: prepared.method, url: prepared.url, token: presented?.token ?? null, nonce, now };
    return signProof(this.#keys, jkt, claims, this.proofStyle);
  }

  /** Reads a JSON document outside of the walk. @throws Error if there is none */
  async readJson(url: string): Promise<Record<string, unknown>> {
    const response = await this.options.fetch(url, { credentials: 'omit', headers: { Accept: 'application/json' } });
    return (await response.json()) as Record<string, unknown>;
  }

  /** The request as it would be sent now, with the reader's edits. */
  prepare(step: Step, request: StepRequest): Prepared {
    return prepareRequest(request, this.bag(), this.state.edits[step.id]?.[request.id]);
  }

  /** Writes down an exchange: the client's checks, the values it brought. */
  async entryOf(
    step: Step,
    request: StepRequest,
    run: number,
    sent: { exchange: Exchange; failed: ExchangeEntry['failed'] },
    used: Prepared['used'],
    at: number,
  ): Promise<ExchangeEntry> {
    const bag = this.bag();
    const found = extractValues(step, request, sent.exchange);
    const checks = await clientChecks(step, request, sent.exchange, bag, {
      ...memoryOf(this.state.log, this.state.navigation?.url ?? null),
      now: at + this.state.clockOffset,
    });
    const believed = checks.every((check) => check.ok);
    return {
      kind: 'exchange',
      key: freshKey(this.state, step.id, request.id, run),
      step: step.id,
      request: request.id,
      run,
      at,
      exchange: sent.exchange,
      source: 'page',
      used,
      edits: this.editsOf(step, request),
      checks,
      failed: sent.failed,
      made: believed ? { ...previousValues(sent.exchange, found, bag), ...found } : {},
    };
  }

  /** The reader's edits of a request. */
  protected editsOf(step: Step, request: StepRequest) {
    return this.state.edits[step.id]?.[request.id] ?? {};
  }

  /** Sends one request and appends its exchange to the log. */
  async send(step: Step, request: StepRequest, prepared: Prepared, options: SendRequest = {}): Promise<ExchangeEntry> {
    const { fetch, now, onRequest, change } = this.options;
    onRequest?.(step, request);
    const run = options.run ?? Math.max(1, lastRun(this.state, step.id));
    const at = now();
    const sent = await sendPrepared(prepared, {
      fetch,
      now,
      clockOffset: this.state.clockOffset,
      from: request.from,
      to: request.to,
      ...options,
    });
    const entry = await this.entryOf(step, request, run, sent, prepared.used, at);
    this.sentHeaders.set(entry.key, prepared.headers);
    change(withEntries([entry]));
    return entry;
  }
}
