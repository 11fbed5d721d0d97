/**
 * A run as a Playwright test that passes as it stands: it makes a sandbox like the one of the run, sends the same
 * requests in the same order, does to the sandbox what was done to it in between, and takes the values that the server
 * makes anew (client ids, codes, tokens) from the answers.
 */
import { isKept, NOT_KEPT } from '../kept.ts';
import { basicOf } from '../read.ts';
import { type Change, type Exchange, exchangesIn, isChange, type LedgerEntry } from '../types.ts';
import { ownHeaders } from './headers.ts';
import { isOfBrowser, madeBy, whyNotReplayed } from './replay.ts';
import { Vocabulary } from './words.ts';

export interface PlaywrightOptions {
  readonly origin: string;
  /** Where the run was recorded. */
  readonly base: string;
  /** Configuration of the sandbox now. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Its scenario now. */
  readonly scenario?: string | null;
}

const MASKED = `  test.skip(true, 'Secrets are masked in this copy of the run: read it, it cannot be sent again.');\n`;
/** Where the test has the control token. */
const CONTROL_TOKEN = 'sandbox.control_token';
/** Protocol time between two exchanges that the test has to catch up with, ms. */
const NOTABLE_PAUSE = 1000;

/** The source of the test. @param entries with their secrets, oldest first */
export function toPlaywright(entries: readonly LedgerEntry[], options: PlaywrightOptions): string {
  const isMasked = exchangesIn(entries).some(({ redacted }) => redacted.length > 0);
  const run = new Run(entries, options);
  const lines = run.lines();
  return `import { expect, test } from '@playwright/test';

// A run recorded by Authwalk. It needs nothing but the server: each time it makes a sandbox of its own.
const origin = process.env.AUTHWALK_URL ?? ${JSON.stringify(options.origin)};

test('the recorded run', async ({ playwright }) => {
${isMasked ? MASKED : ''}  test.setTimeout(${run.timeout()});
  const browser = await playwright.request.newContext();
  const made = await browser.post(\`\${origin}/api/sandboxes\`, { data: ${JSON.stringify(run.creation())} });
  expect(made.status()).toBe(201);
  const sandbox = (await made.json()) as { id: string; issuer: string; control_token: string };
  const base = sandbox.issuer.replace(/\\/$/, '');
  const path = base.startsWith(origin) ? base.slice(origin.length) : '';
  type Options = { method: string; headers?: Record<string, string>; data?: string };
  /** A client that is no browser keeps no cookies. */
  const send = async (url: string, options: Options) =>
    (await playwright.request.newContext()).fetch(url, { ...options, maxRedirects: 0 });
  /** What was done to the sandbox, at its control API. */
  const control = async (method: string, below: string, body: unknown) => {
    const headers = { authorization: \`Bearer \${sandbox.control_token}\`, 'content-type': 'application/json' };
    const options = body === null ? { method, headers } : { method, headers, data: JSON.stringify(body) };
    const answer = await send(\`\${origin}/api/sandboxes/\${sandbox.id}\${below}\`, options);
    expect(answer.ok()).toBe(true);
    return answer;
  };
  const grants = async () => {
    const answer = await control('GET', '/grants', null);
    return ((await answer.json()) as { grants: { id: string }[] }).grants;
  };

${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}});
`;
}

class Run {
  readonly #entries: readonly LedgerEntry[];
  readonly #options: PlaywrightOptions;
  readonly #values = new Vocabulary();
  readonly #counts = new Map<string, number>();
  readonly #grants: string[] = [];
  /** Protocol time at the end of the latest exchange, ms; null after the clock was moved. */
  #clock: number | null = null;
  readonly #lines: string[] = [];

  constructor(entries: readonly LedgerEntry[], options: PlaywrightOptions) {
    this.#entries = entries;
    this.#options = options;
    const { origin, base } = options;
    this.#values.add(base, 'base');
    if (base.startsWith(origin)) this.#values.add(base.slice(origin.length), 'path');
    this.#values.add(origin, 'origin');
  }

  /** Body of the request that makes the sandbox: as it was before the first change that the ledger has. */
  creation(): Readonly<Record<string, unknown>> {
    const first = this.#entries.find((entry) => isChange(entry) && entry.did?.before !== undefined) as
      | Change
      | undefined;
    const { config, scenario = null } = (first?.did?.before ?? this.#options) as PlaywrightOptions;
    return scenario === null ? { config } : { scenario, config };
  }

  /** Time for the test, ms: the answers may be as late as they were. */
  timeout(): number {
    const waited = exchangesIn(this.#entries).reduce((sum, { duration }) => sum + duration, 0);
    return Math.ceil(60_000 + 100 * this.#entries.length + waited);
  }

  lines(): string[] {
    for (let at = 0; at < this.#entries.length; ) {
      const entry = this.#entries[at]!;
      if (isChange(entry)) {
        this.#change(entry);
        at += 1;
        continue;
      }
      const held = this.#sentAtOnce(at);
      if (held.length > 1) this.#expectAll(held);
      else this.#exchange(entry);
      at += held.length;
    }
    return this.#lines;
  }

  /** Requests that waited for each other, because a fault held them. */
  #sentAtOnce(at: number): Exchange[] {
    const first = this.#entries[at] as Exchange;
    const group = [first];
    if (!first.acted.some(({ kind }) => kind === 'fault')) return group;
    let end = first.monotonic + first.duration;
    for (const next of this.#entries.slice(at + 1)) {
      if (isChange(next) || next.monotonic >= end || !next.acted.some(({ kind }) => kind === 'fault')) break;
      group.push(next);
      end = Math.max(end, next.monotonic + next.duration);
    }
    return group;
  }

  #variable(name: string): string {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  }

  #change(change: Change): void {
    const { did, what, by, seq } = change;
    const comment = `// ${seq}. ${what} changed${by === 'stage' ? ', by a stage' : ''}`;
    if (what === 'clock' || what === 'reset') this.#clock = null;
    if (did === null) {
      this.#lines.push(
        by === 'stage' ? `${comment}: this happens by itself.` : `${comment}: this is not replayed.`,
        '',
      );
      return;
    }
    const grant = /^\/grants\/([^/]+)\/revoke$/.exec(did.path)?.[1];
    if (grant !== undefined) {
      const index = this.#grants.indexOf(grant);
      const line = `await control('POST', \`/grants/\${(await grants()).at(-${index + 1})!.id}/revoke\`, {});`;
      this.#lines.push(comment, index < 0 ? '// The grant is older than the first exchange that was kept.' : line, '');
      return;
    }
    const body =
      did.body === null ? 'null' : `JSON.parse(${this.#values.template(JSON.stringify(did.body))}) as unknown`;
    const call = `await control(${JSON.stringify(did.method)}, ${this.#values.template(did.path)}, ${body})`;
    const made = Object.entries(did.made ?? {}).filter(([, text]) => !this.#values.has(text));
    this.#lines.push(comment);
    if (made.length === 0) this.#lines.push(`${call};`, '');
    else {
      this.#lines.push(`const done${seq} = (await (${call}).json()) as Record<string, string>;`);
      for (const [name, text] of made) {
        const variable = this.#variable(name);
        this.#values.add(text, variable);
        this.#lines.push(`const ${variable} = done${seq}.${name}!;`);
      }
      this.#lines.push('');
    }
  }

  #exchange(exchange: Exchange): void {
    const call = this.#call(exchange);
    if (call === null) return;
    const { seq, response } = exchange;
    if (response === null) {
      const dropped = exchange.acted.some(({ kind }) => kind === 'fault');
      const line = dropped ? `await expect(${call}).rejects.toThrow();` : `await ${call}.catch(() => undefined);`;
      this.#lines.push(line, '');
      return;
    }
    this.#lines.push(`const answer${seq} = await ${call};`);
    this.#expect(exchange);
  }

  #expectAll(exchanges: readonly Exchange[]): void {
    const calls = exchanges.flatMap((exchange) => {
      const call = this.#call(exchange);
      return call === null ? [] : [{ exchange, call }];
    });
    const names = calls.map(({ exchange }) => `answer${exchange.seq}`);
    this.#lines.push(`const [${names.join(', ')}] = await Promise.all([`);
    for (const { exchange, call } of calls)
      this.#lines.push(`  ${call}${exchange.response === null ? '.catch(() => undefined)' : ''},`);
    this.#lines.push(']);');
    for (const { exchange } of calls) if (exchange.response !== null) this.#expect(exchange);
  }

  /** What is expected of an answer, and what is taken from it. */
  #expect(exchange: Exchange): void {
    const name = `answer${exchange.seq}`;
    this.#lines.push(`expect(${name}.status()).toBe(${exchange.response!.status});`);
    for (const { name: value, text, from } of madeBy(exchange)) {
      if (this.#values.has(text)) continue;
      const variable = this.#variable(value);
      this.#values.add(text, variable);
      this.#lines.push(`const ${variable} = ${from(name)};`);
    }
    this.#lines.push('');
  }

  /** The call that sends a request again; null if it cannot be sent, which is then said. */
  #call(exchange: Exchange): string | null {
    const { request, seq, endpoint, reason } = exchange;
    if (request.method === 'OPTIONS') return null;
    const what = `// ${seq}. ${endpoint}${reason === null ? '' : `: ${reason}`}`;
    const { origin } = this.#options;
    if (exchange.grantId !== null && !this.#grants.includes(exchange.grantId)) this.#grants.push(exchange.grantId);
    const omitted = whyNotReplayed(exchange, (value) => this.#values.has(value), origin);
    if (omitted !== null) {
      this.#lines.push(`${what} is left out: ${omitted}`, '');
      return null;
    }
    this.#lines.push(what);
    this.#catchUp(exchange);
    const headers = ownHeaders(request).map(([name, value]) => {
      const text = name.toLowerCase() === 'authorization' ? this.#authorization(exchange, value) : null;
      return `${JSON.stringify(name)}: ${text ?? this.#values.template(value)}`;
    });
    const control = request.headers.find(([name, value]) => name.toLowerCase() === 'authorization' && !isKept(value));
    if (control) headers.push(`authorization: \`Bearer \${${CONTROL_TOKEN}}\``);
    const options = [
      `method: ${JSON.stringify(request.method)}`,
      ...(headers.length > 0 ? [`headers: { ${headers.join(', ')} }`] : []),
      ...(request.body === null ? [] : [`data: ${this.#text(request.body)}`]),
    ];
    const url = this.#url(request.url);
    return isOfBrowser(exchange)
      ? `browser.fetch(${url}, { ${options.join(', ')}, maxRedirects: 0 })`
      : `send(${url}, { ${options.join(', ')} })`;
  }

  /** Moves the clock by as much as passed in the run. */
  #catchUp(exchange: Exchange): void {
    const clock = Date.parse(exchange.clock);
    const pause = this.#clock === null ? 0 : clock - this.#clock;
    this.#clock = clock + exchange.duration;
    if (pause < NOTABLE_PAUSE) return;
    this.#lines.push(`await control('POST', '/clock', { advance: ${Math.floor(pause / 1000)} });`);
  }

  #authorization(exchange: Exchange, value: string): string | null {
    const basic = basicOf(exchange);
    if (basic === null) return null;
    const encode = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);
    const plain = `${encode(basic.id)}:${encode(basic.secret)}`;
    // Only if it is written as it would be here; else it goes as it came.
    if (value.slice(6).trim() !== btoa(plain)) return null;
    return `\`Basic \${btoa(${this.#values.template(plain)})}\``;
  }

  /** An address. A sandbox at the root has its well-known addresses elsewhere than the one that the test makes. */
  #url(url: string): string {
    const { origin, base } = this.#options;
    const wellKnown = /^\/\.well-known\/(?:oauth-protected-resource|oauth-authorization-server|openid-configuration)/;
    const at = origin === base && url.startsWith(origin) ? wellKnown.exec(url.slice(origin.length))?.[0] : undefined;
    if (at === undefined) return this.#text(url);
    return `origin + ${JSON.stringify(at)} + path + ${this.#text(url.slice(origin.length + at.length))}`;
  }

  /** A text with values of the run, and the control token where one stood. */
  #text(text: string): string {
    return this.#values
      .template(text)
      .replaceAll(`control_token=${NOT_KEPT}`, `control_token=\${encodeURIComponent(${CONTROL_TOKEN})}`);
  }
}
