/** A walker for experiments: what only somebody does who tries to break things. */
import { parseObject } from '#lib/exchange/read.ts';
import { withArguments } from '../borrow.ts';
import { prepareRequest, type Prepared } from '../prepare.ts';
import { sendPrepared } from '../record.ts';
import { withEntries } from '../state.ts';
import { Walker } from '../walker.ts';
import type { ExchangeEntry, Step, StepRequest } from '../types.ts';

export class LabWalker extends Walker {
  /** Whether its browser sends the cookie of a login. */
  sendsCookies = true;

  /** Sends one request several times at the same instant. */
  async sendAll(
    step: Step,
    request: StepRequest,
    prepared: Prepared,
    count: number,
    run: number,
  ): Promise<ExchangeEntry[]> {
    const { fetch, now, change } = this.options;
    const at = now();
    const { clockOffset } = this.state;
    const sent = await Promise.all(
      Array.from({ length: count }, () =>
        sendPrepared(prepared, { fetch, now, clockOffset, from: request.from, to: request.to }),
      ),
    );
    const entries: ExchangeEntry[] = [];
    for (const one of sent) {
      const entry = await this.entryOf(step, request, run, one, prepared.used, at);
      change(withEntries([entry]));
      entries.push(entry);
    }
    return entries;
  }

  /**
   * Sends a request once more.
   * @param combine makes the request from what was sent and what would be sent anew; by default it goes byte for byte
   */
  async replay(
    step: Step,
    id: string,
    combine: (before: Prepared, fresh: Prepared) => Prepared = (before) => before,
  ): Promise<ExchangeEntry | null> {
    const before = this.state.log.findLast(
      (entry) => entry.kind === 'exchange' && entry.step === step.id && entry.request === id,
    );
    if (before?.kind !== 'exchange') return null;
    const { method, url, headers, body } = before.exchange.request;
    const request = step.requests.find((candidate) => candidate.id === id)!;
    const sent = this.sentHeaders.get(before.key) ?? headers;
    const again: Prepared = { method, url, headers: sent, body, used: before.used, missing: [] };
    await this.makeProof(step, request, before.run);
    return this.send(step, request, combine(again, this.prepare(step, request)), { run: before.run });
  }

  /** Values that nothing brought: made for an experiment. */
  hold(made: Readonly<Record<string, string>>): void {
    this.note(this.track.steps[0]!, 0, made);
  }

  /**
   * Registers a second client as the first was registered, and holds its name as `other_client_id`.
   * @param members members of the body that are different
   */
  async registerAnother(members: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const step = [...this.track.steps, ...this.track.before].find((candidate) =>
      candidate.requests.some((request) => request.url === '{registration_endpoint}'),
    );
    const request = step && withArguments(step, members).requests.find((one) => one.url === '{registration_endpoint}');
    if (!request) return;
    const { method, url, headers, body } = prepareRequest(request, this.bag());
    const response = await this.options.fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body,
      credentials: 'omit',
    });
    const { client_id: id } = parseObject(await response.text()) ?? {};
    if (typeof id === 'string') this.hold({ other_client_id: id });
  }
}
