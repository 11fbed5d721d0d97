/**
 * A walker for experiments: what only somebody does who tries to break things.
 */
import { prepareRequest, type Prepared } from '../prepare.ts';
import { sendPrepared } from '../record.ts';
import { freshKey, withEntries } from '../state.ts';
import { Walker } from '../walker.ts';
import type { ExchangeEntry, Step, StepRequest } from '../types.ts';

export class LabWalker extends Walker {
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
    const sent = await Promise.all(
      Array.from({ length: count }, () =>
        sendPrepared(prepared, { fetch, now, clockOffset: this.state.clockOffset, from: request.from, to: request.to }),
      ),
    );
    return sent.map((one) => {
      const entry = this.entryOf(step, request, run, one, prepared.used, at);
      change(withEntries([entry]));
      return entry;
    });
  }

  /** Sends a request once more, byte for byte. */
  async replay(step: Step, request: string): Promise<ExchangeEntry | null> {
    const before = this.state.log.findLast(
      (entry) => entry.kind === 'exchange' && entry.step === step.id && entry.request === request,
    );
    if (before?.kind !== 'exchange') return null;
    const { method, url, headers, body } = before.exchange.request;
    const own = step.requests.find((candidate) => candidate.id === request)!;
    const sent = this.sentHeaders.get(before.key) ?? headers;
    return this.send(
      step,
      own,
      { method, url, headers: sent, body, used: before.used, missing: [] },
      { run: before.run },
    );
  }

  /** Values that nothing brought: made for an experiment. */
  hold(made: Readonly<Record<string, string>>): void {
    const step = this.track.steps[0]!.id;
    this.options.change(
      withEntries([
        { kind: 'made', key: freshKey(this.state, step, 'held', 0), step, run: 0, at: this.options.now(), made },
      ]),
    );
  }

  /** Registers a second client as the first was registered, and holds its name as `other_client_id`. */
  async registerAnother(): Promise<void> {
    for (const step of this.track.steps) {
      const request = step.requests.find((candidate) => candidate.url === '{registration_endpoint}');
      if (!request) continue;
      const prepared = prepareRequest(request, this.bag());
      const response = await this.options.fetch(prepared.url, {
        method: prepared.method,
        headers: prepared.headers.map(([name, value]): [string, string] => [name, value]),
        body: prepared.body,
        credentials: 'omit',
      });
      const { client_id } = (await response.json()) as { client_id?: string };
      if (client_id) this.hold({ other_client_id: client_id });
    }
  }
}
