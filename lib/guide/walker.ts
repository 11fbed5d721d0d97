/**
 * The client that walks: takes a state, sends what a step sends, writes down what came. It knows
 * nothing of pages or storage, so that the visitor's own run and the copies for experiments are
 * walked by the same code.
 */
import { callbackRequest, isCallback } from './callback.ts';
import { headerOf, queryOfUrl } from '#lib/exchange/read.ts';
import { extractValues } from './extract.ts';
import { succeeded } from './ledger.ts';
import { withQuery } from './prepare.ts';
import { endpointOf, findRecord, mergeRecord, pageExchange } from './record.ts';
import { freshKey, lastRun, lastRunSent, withEntries, withNavigation, withReplaced } from './state.ts';
import { fill, isLoopback } from './values.ts';
import type { Exchange, ExchangeEntry, RunState, SandboxRef, Step, StepRequest } from './types.ts';

import { Sender } from './sender.ts';

export class Walker extends Sender {
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
      edits: this.editsOf(step, request),
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
      edits: this.editsOf(step, request),
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
