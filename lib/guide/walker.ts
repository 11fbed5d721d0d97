/**
 * The client that walks: takes a state, sends what a step sends, writes down what came. It knows
 * nothing of pages or storage, so that the visitor's own run and the copies for experiments are
 * walked by the same code.
 */
import { callbackRequest, isCallback } from './callback.ts';
import { headerOf, queryOfUrl, tokenOf } from '#lib/exchange/read.ts';
import type { Fetch } from '#lib/client/request.ts';
import { type AssertionStyle, FOR_THE_SERVER, signAssertion } from './assertions.ts';
import { clientChecks } from './client-checks.ts';
import { extractValues, previousValues } from './extract.ts';
import { ledgerOf, memoryOf, succeeded } from './ledger.ts';
import { type KeyStore, makeKey, memoryKeys, PROPER, type ProofStyle, signProof } from './proofs.ts';
import { makes } from './values/index.ts';
import { type Prepared, prepareRequest, withQuery } from './prepare.ts';
import { endpointOf, findRecord, mergeRecord, pageExchange, sendPrepared } from './record.ts';
import { type Change, freshKey, lastRun, lastRunSent, withEntries, withNavigation, withReplaced } from './state.ts';
import { fill, isLoopback } from './values.ts';
import type { ControlApi, Exchange, ExchangeEntry, RunState, SandboxRef, Step, StepRequest, Track } from './types.ts';

export interface WalkerOptions {
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

export class Walker {
  protected readonly options: WalkerOptions;
  /** What a request was given, by key of its entry: the record also has what the browser added. */
  protected readonly sentHeaders = new Map<string, Prepared['headers']>();
  readonly #keys: KeyStore;
  /** How proofs are made from now on. */
  proofStyle: ProofStyle = PROPER;
  /** How the client signs about itself from now on. */
  assertionStyle: AssertionStyle = FOR_THE_SERVER;
  constructor(options: WalkerOptions) {
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
    const { steps, before, others } = this.track;
    const found = [...steps, ...before, ...others].find((step) => step.id === id);
    if (!found) throw new Error(`The track ${this.track.id} has no step ${id}.`);
    return found;
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
      edits: this.#edits(step, request),
      checks,
      failed: sent.failed,
      made: believed ? { ...previousValues(sent.exchange, found, bag), ...found } : {},
    };
  }

  #edits(step: Step, request: StepRequest) {
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

  /**
   * Puts the recorder's records in the place of what the page saw, and appends what only a
   * browser navigation did.
   * @returns entries of the log that have a true record now
   */
  async enrich(): Promise<void> {
    const { sandbox, log } = this.state;
    if (!sandbox) return;
    const open = log
      .filter((entry) => entry.kind === 'exchange')
      .filter((entry) => entry.source === 'page' && entry.failed !== 'aborted' && entry.exchange.to !== 'client');
    if (open.length === 0) return;
    const claimed = new Set(
      log
        .filter((entry) => entry.kind === 'exchange')
        .filter((entry) => entry.source === 'recorder')
        .map((entry) => entry.exchange.seq),
    );
    const answer = await this.options.api.exchanges(sandbox, Math.max(0, ...claimed)).catch(() => null);
    if (!answer) return;
    const replaced: ExchangeEntry[] = [];
    for (const entry of open) {
      const record = findRecord(entry.exchange, answer.exchanges, claimed);
      if (!record) continue;
      claimed.add(record.seq);
      replaced.push(this.#enriched(entry, mergeRecord(entry.exchange, record)));
      this.#noteClock(Date.parse(record.clock) - entry.at);
    }
    if (replaced.length > 0) this.options.change(withReplaced(replaced));
  }

  #enriched(entry: ExchangeEntry, exchange: Exchange): ExchangeEntry {
    const step = this.step(entry.step);
    const request = step.requests.find((candidate) => candidate.id === entry.request)!;
    const hidden = entry.exchange.response === null && exchange.response !== null && entry.failed === null;
    const made = hidden ? { ...entry.made, ...extractValues(step, request, exchange) } : entry.made;
    return { ...entry, exchange, source: 'recorder', made };
  }

  /** The clock of the sandbox was moved. @param seconds by how much */
  clockMoved(seconds: number): void {
    this.options.change((state) => ({ ...state, clockOffset: state.clockOffset + seconds * 1000 }));
  }

  #noteClock(offset: number): void {
    if (Number.isFinite(offset) && Math.abs(offset - this.state.clockOffset) > 1500)
      this.options.change((state) => ({ ...state, clockOffset: offset }));
  }

  /**
   * Gets ready to leave the page: remembers the run, and says where to go.
   * On a public instance the control token goes along, so that the redirect goes straight through.
   */
  async leave(step: Step, request: StepRequest): Promise<string> {
    const prepared = this.prepare(step, request);
    const sandbox = this.state.sandbox as SandboxRef;
    const recorded = await this.options.api.exchanges(sandbox, this.#lastSeq()).catch(() => null);
    this.options.change(
      withNavigation({
        step: step.id,
        request: request.id,
        run: Math.max(1, lastRun(this.state, step.id)),
        url: prepared.url,
        at: this.options.now(),
        after: recorded?.last ?? this.#lastSeq(),
        used: prepared.used,
        resume: null,
      }),
    );
    return isLoopback(this.origin) ? prepared.url : withQuery(prepared.url, [['control_token', sandbox.control_token]]);
  }

  #lastSeq(): number {
    return this.state.log.reduce(
      (highest, entry) =>
        entry.kind === 'exchange' && entry.source === 'recorder' ? Math.max(highest, entry.exchange.seq) : highest,
      0,
    );
  }

  /**
   * What happened while the page was left, from the recorder. An authorization request that ended
   * in an error is written down; one that waits at consent says where to go on.
   * @param answered whether the browser has come back with an answer
   */
  async lookBack(answered: boolean): Promise<void> {
    const { navigation, sandbox } = this.state;
    if (!navigation || !sandbox) return;
    const step = this.step(navigation.step);
    const endpoint = endpointOf(navigation.url);
    const answer = await this.options.api.exchanges(sandbox, navigation.after).catch(() => null);
    const seen = (answer?.exchanges ?? []).filter((exchange) => endpointOf(exchange.request.url) === endpoint);
    const first = seen.findLast((exchange) => exchange.request.method === 'GET');
    const last = seen.at(-1);
    const isConsent = (exchange: Exchange | undefined) => /\/consent\//.test(locationOf(exchange) ?? '');
    const pending = !answered && (last === undefined || isConsent(last) || !isOver(step, last));
    if (pending) {
      const resume = isConsent(last) ? locationOf(last) : null;
      if (resume !== navigation.resume) this.options.change(withNavigation({ ...navigation, resume }));
      return;
    }
    const entries = seen
      .filter((exchange) => exchange === first || exchange.seq > (first?.seq ?? 0))
      .map((exchange, index) => this.#navigated(step, exchange, navigation, index));
    if (entries.length === 0 && answered) entries.push(this.#unrecorded(step, navigation));
    this.options.change(withEntries(entries));
    if (!answered) this.options.change(withNavigation(null));
  }

  #navigated(
    step: Step,
    exchange: Exchange,
    navigation: NonNullable<RunState['navigation']>,
    index: number,
  ): ExchangeEntry {
    const request =
      step.requests.find(
        (candidate) => candidate.navigates && candidate.method === exchange.request.method && candidate.to === 'as',
      ) ?? step.requests[0]!;
    const at = Date.parse(exchange.clock) - this.state.clockOffset;
    const record: Exchange = { ...exchange, from: request.from, to: request.to };
    return {
      kind: 'exchange',
      key: `${freshKey(this.state, step.id, request.id, navigation.run)}${index === 0 ? '' : `+${index}`}`,
      step: step.id,
      request: request.id,
      run: navigation.run,
      at: Number.isNaN(at) ? navigation.at : at,
      exchange: record,
      source: 'recorder',
      used: navigation.used,
      edits: this.#edits(step, request),
      made: extractValues(step, request, record),
      checks: [],
      failed: null,
    };
  }

  /** Where nothing is recorded: what this page knows of the navigation. */
  #unrecorded(step: Step, navigation: NonNullable<RunState['navigation']>): ExchangeEntry {
    const request = step.requests.find((candidate) => candidate.id === navigation.request)!;
    const exchange = pageExchange(
      { method: 'GET', url: navigation.url, headers: [], body: null },
      request.from,
      request.to,
      navigation.at,
      this.state.clockOffset,
    );
    return {
      kind: 'exchange',
      key: freshKey(this.state, step.id, request.id, navigation.run),
      step: step.id,
      request: request.id,
      run: navigation.run,
      at: navigation.at,
      exchange,
      source: 'page',
      used: navigation.used,
      edits: this.#edits(step, request),
      made: {},
      checks: [],
      failed: null,
    };
  }

  /**
   * The step whose answer arrives at the client's redirect URI, and the request that brings it: the step that the
   * page was left for, else the latest that was sent.
   */
  callbackOf(): { step: Step; request: StepRequest } | null {
    const steps = [...this.track.before, ...this.track.steps];
    const left = steps.find((step) => step.id === this.state.navigation?.step);
    const sent = steps.findLast((step) => lastRunSent(this.state, step.id) && callbackRequest(step) !== undefined);
    for (const step of [left, sent, ...this.track.steps]) {
      const request = step && callbackRequest(step);
      if (step && request) return { step, request };
    }
    return null;
  }

  /**
   * The answer has come to the redirect URI: compares `state` and `iss` before the code is held.
   * @param href what the browser was sent to
   */
  async arrive(href: string): Promise<ExchangeEntry | null> {
    const target = this.callbackOf();
    if (!target) return null;
    const { step, request } = target;
    const before = this.state.log.find(
      (entry) => entry.kind === 'exchange' && isCallback(entry.exchange) && entry.exchange.request.url === href,
    );
    if (before?.kind === 'exchange') return before;
    const run = this.state.navigation?.run ?? Math.max(1, lastRun(this.state, step.id));
    const at = this.options.now();
    const draft = pageExchange(
      { method: 'GET', url: href, headers: [], body: null },
      request.from,
      request.to,
      at,
      this.state.clockOffset,
    );
    const error = queryOfUrl(href).get('error');
    const refused = this.state.log.findLast(
      (entry) => entry.kind === 'exchange' && entry.step === step.id && entry.run === run,
    );
    const known = refused?.kind === 'exchange' ? refused.exchange : null;
    const exchange: Exchange = {
      ...draft,
      endpoint: 'callback',
      delivered: true,
      response: { status: 200, statusText: 'OK', headers: [], body: null },
      ...(error
        ? { error, reason: known?.reason ?? null, clause: known?.clause ?? null, evidence: known?.evidence ?? null }
        : {}),
    };
    const entry = await this.entryOf(step, request, run, { exchange, failed: null }, {}, at);
    this.options.change(withEntries([entry]));
    this.options.change(withNavigation(null));
    return entry;
  }

  /** The last exchange of a step. */
  lastExchange(step: string): ExchangeEntry | null {
    const last = this.state.log.findLast((entry) => entry.kind === 'exchange' && entry.step === step);
    return last?.kind === 'exchange' ? last : null;
  }

  /** Whether a step's further requests may follow: this one was answered, not refused. */
  mayContinue(entry: ExchangeEntry): boolean {
    return entry.failed === null && succeeded(entry);
  }

  lastRun(step: string): number {
    return lastRun(this.state, step);
  }
  wasSent(step: string): boolean {
    return lastRunSent(this.state, step);
  }

  /** Whether the sandbox itself is gone: its endpoints answer 404, and so does the control API. */
  async isGone(entry: ExchangeEntry): Promise<boolean> {
    const { sandbox } = this.state;
    if (!sandbox || entry.exchange.response?.status !== 404) return false;
    return !(await this.options.api.exists(sandbox).catch(() => true));
  }

  /** Fills a template with the values in hand. */
  fill(template: string): string {
    return fill(template, this.bag());
  }
}

/**
 * Whether a page of the server has nothing more to ask. A form that is still shown is answered by a POST.
 */
function isOver(step: Step, last: Exchange): boolean {
  const asks = step.requests.some((request) => request.navigates && request.method === 'POST' && request.to === 'as');
  const isPage = (last.response?.status ?? 500) < 300;
  return !(asks && isPage && last.request.method === 'GET');
}

/** Where an answer sends the browser; null if it does not. */
export function locationOf(exchange: Exchange | undefined): string | null {
  return headerOf(exchange?.response, 'location');
}
