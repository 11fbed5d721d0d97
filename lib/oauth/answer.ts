/** Answers of the protocol, as they leave the engine. */

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/**
 * Header fields as the socket takes them: names in lower case and values in turn. Reads and writes as `Headers` of the
 * web platform does. Whether a value may stand in a header is left to the socket, which checks each.
 */
export class AnswerHeaders implements Headers {
  /** Names and values in turn. */
  readonly list: string[] = [];

  constructor(fields: Readonly<Record<string, string>>) {
    for (const name in fields) this.set(name, fields[name]!);
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase();
    const values = this.list.filter((_, at) => at % 2 === 1 && this.list[at - 1] === wanted);
    return values.length === 0 ? null : values.join(', ');
  }

  has(name: string): boolean {
    return this.#find(name.toLowerCase()) >= 0;
  }

  set(name: string, value: string): void {
    const key = name.toLowerCase();
    const at = this.#find(key);
    if (at < 0) {
      this.list.push(key, value);
      return;
    }
    this.list[at + 1] = value;
    this.#remove(key, at + 2);
  }

  append(name: string, value: string): void {
    this.list.push(name.toLowerCase(), value);
  }

  delete(name: string): void {
    this.#remove(name.toLowerCase(), 0);
  }

  getSetCookie(): string[] {
    return this.list.filter((_, at) => at % 2 === 1 && this.list[at - 1] === 'set-cookie');
  }

  forEach(callback: (value: string, name: string, parent: Headers) => void, self?: unknown): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  *entries(): Generator<[string, string], undefined> {
    for (let at = 0; at < this.list.length; at += 2) yield [this.list[at]!, this.list[at + 1]!];
  }

  *keys(): Generator<string, undefined> {
    for (const [name] of this) yield name;
  }

  *values(): Generator<string, undefined> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): Generator<[string, string], undefined> {
    return this.entries();
  }

  /** Where the name stands; negative if it does not. */
  #find(key: string): number {
    for (let at = 0; at < this.list.length; at += 2) if (this.list[at] === key) return at;
    return -1;
  }

  #remove(key: string, from: number): void {
    for (let at = this.list.length - 2; at >= from; at -= 2) if (this.list[at] === key) this.list.splice(at, 2);
  }
}

/**
 * An answer that knows its text and its headers as the socket takes them. What the web platform has for them costs more
 * than everything else about an answer: it is made if somebody reads the body.
 */
export class JsonAnswer implements Response {
  readonly status: number;
  readonly statusText = '';
  readonly headers: AnswerHeaders;
  readonly content: string;
  readonly type = 'default';
  readonly url = '';
  readonly redirected = false;
  #whole: Response | null = null;

  constructor(content: string, status: number, headers: Readonly<Record<string, string>>) {
    this.content = content;
    this.status = status;
    this.headers = new AnswerHeaders(headers);
  }

  /** The same with a body that can be read. */
  #read(): Response {
    this.#whole ??= new Response(this.content, { status: this.status, headers: this.headers });
    return this.#whole;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }
  get body(): Response['body'] {
    return this.#read().body;
  }
  get bodyUsed(): boolean {
    return this.#whole?.bodyUsed ?? false;
  }
  text(): Promise<string> {
    return this.#read().text();
  }
  json(): Promise<unknown> {
    return this.#read().json();
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read().arrayBuffer();
  }
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read().bytes();
  }
  blob(): Promise<Blob> {
    return this.#read().blob();
  }
  formData(): Promise<FormData> {
    return this.#read().formData();
  }
  clone(): Response {
    return this.#read().clone();
  }
}

// A caller that asks what they are gets what they stand for.
Object.setPrototypeOf(AnswerHeaders.prototype, Headers.prototype);
Object.setPrototypeOf(JsonAnswer.prototype, Response.prototype);

/** JSON that no cache may keep (RFC 6749 §5.1). */
export function json(
  body: unknown,
  init: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new JsonAnswer(JSON.stringify(body), init.status ?? 200, {
    'content-type': 'application/json',
    ...NO_STORE,
    ...init.headers,
  });
}
