/**
 * The client that walks: takes a state, sends what a step sends, writes down what came. It knows
 * nothing of pages or storage, so that the visitor's own run and the copies for experiments are
 * walked by the same code.
 */
import { queryOfUrl } from '#lib/exchange/read.ts';
import type { Fetch } from '#lib/client/request.ts';
import { clientChecks } from './client-checks.ts';
import { extractValues, previousValues } from './extract.ts';
import { ledgerOf, memoryOf, succeeded } from './ledger.ts';
import { makePkce, makeState } from './pkce.ts';
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
  /** Told before each request. */
  readonly onRequest?: (step: Step, request: StepRequest) => void;
}

export interface SendRequest {
  readonly credentials?: RequestCredentials;
  readonly signal?: AbortSignal;
  /** The how-manieth attempt; the last one where it is left out. */
  readonly run?: number;
}

const VALUES_OF_AUTHORIZATION = ['state', 'code_verifier', 'code_challenge'] as const;

export class Walker {
  protected readonly options: WalkerOptions;
  /** What a request was given, by key of its entry: the record also has what the browser added. */
  protected readonly sentHeaders = new Map<string, Prepared['headers']>();
  constructor(options: WalkerOptions) {
    this.options = options;
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
    const found = this.track.steps.find((step) => step.id === id);
    if (!found) throw new Error(`The track ${this.track.id} has no step ${id}.`);
    return found;
  }

  bag() {
    return ledgerOf(this.track, this.state, this.origin).bag;
  }

  /** Makes what the client makes before it asks, where the step has such and the last ones were used. */
  async makeFresh(step: Step): Promise<void> {
    const wanted = VALUES_OF_AUTHORIZATION.filter((name) =>
      step.values_made.some((made) => made.value === name && made.by === 'client'),
    );
    const isFresh = () => lastRun(this.state, step.id) > 0 && !lastRunSent(this.state, step.id);
    if (wanted.length === 0 || isFresh()) return;
    const pkce = await makePkce();
    if (isFresh()) return;
    const values = { state: makeState(), code_verifier: pkce.verifier, code_challenge: pkce.challenge };
    const made = Object.fromEntries(wanted.map((name) => [name, values[name]]));
    const run = lastRun(this.state, step.id) + 1;
    this.options.change(
      withEntries([
        {
          kind: 'made',
          key: freshKey(this.state, step.id, 'made', run),
          step: step.id,
          run,
          at: this.options.now(),
          made,
        },
      ]),
    );
  }

  /** The request as it would be sent now, with the reader's edits. */
  prepare(step: Step, request: StepRequest): Prepared {
    return prepareRequest(request, this.bag(), this.state.edits[step.id]?.[request.id]);
  }

  /** Writes down an exchange: the client's checks, the values it brought. */
  entryOf(
    step: Step,
    request: StepRequest,
    run: number,
    sent: { exchange: Exchange; failed: ExchangeEntry['failed'] },
    used: Prepared['used'],
    at: number,
  ): ExchangeEntry {
    const bag = this.bag();
    const found = extractValues(step, request, sent.exchange);
    // The metadata must name the issuer that its address was built from, not bring one of its own.
    if (sent.exchange.endpoint === 'as-metadata') delete found.issuer;
    const checks = clientChecks(
      step,
      request,
      sent.exchange,
      bag,
      memoryOf(this.state.log, this.state.navigation?.url ?? null),
    );
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
    const entry = this.entryOf(step, request, run, sent, prepared.used, at);
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
    const answer = await this.options.api.exchanges(sandbox, navigation.after).catch(() => null);
    const seen = (answer?.exchanges ?? []).filter((exchange) => endpointOf(exchange.request.url) === 'authorize');
    const first = seen.findLast((exchange) => exchange.request.method === 'GET');
    const last = seen.at(-1);
    const isConsent = (exchange: Exchange | undefined) => /\/consent\//.test(locationOf(exchange) ?? '');
    const pending = !answered && (last === undefined || isConsent(last));
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
        (candidate) =>
          candidate.navigates &&
          candidate.method === exchange.request.method &&
          endpointOf(exchange.request.url) === 'authorize' &&
          candidate.to === 'as',
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

  /** The step whose answer arrives at the client's redirect URI, and the request that brings it. */
  callbackOf(): { step: Step; request: StepRequest } | null {
    for (const step of this.track.steps) {
      const request = step.requests.find((candidate) => candidate.to === 'client' && candidate.navigates);
      if (request) return { step, request };
    }
    return null;
  }

  /**
   * The answer has come to the redirect URI: compares `state` and `iss` before the code is held.
   * @param href what the browser was sent to
   */
  arrive(href: string): ExchangeEntry | null {
    const target = this.callbackOf();
    if (!target) return null;
    const { step, request } = target;
    const before = this.state.log.find(
      (entry) => entry.kind === 'exchange' && entry.exchange.to === 'client' && entry.exchange.request.url === href,
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
    const entry = this.entryOf(step, request, run, { exchange, failed: null }, {}, at);
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

/** Where an answer sends the browser; null where it does not. */
export function locationOf(exchange: Exchange | undefined): string | null {
  return exchange?.response?.headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null;
}
