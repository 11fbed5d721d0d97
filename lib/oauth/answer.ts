/** Answers of the protocol, as they leave the engine. */

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/**
 * An answer that knows its text, so that whoever sends it need not read it back out of a stream. The stream, which
 * costs more than everything else about a `Response`, is made if somebody asks for the body.
 */
export class JsonAnswer extends Response {
  readonly content: string;
  #whole: Response | null = null;

  constructor(content: string, init: ResponseInit) {
    super(null, init);
    this.content = content;
  }

  /** The same with a body that can be read. */
  #read(): Response {
    this.#whole ??= new Response(this.content, { status: this.status, headers: this.headers });
    return this.#whole;
  }

  override get body(): Response['body'] {
    return this.#read().body;
  }
  override get bodyUsed(): boolean {
    return this.#whole?.bodyUsed ?? false;
  }
  override text(): Promise<string> {
    return this.#read().text();
  }
  override json(): Promise<unknown> {
    return this.#read().json();
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read().arrayBuffer();
  }
  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read().bytes();
  }
  override blob(): Promise<Blob> {
    return this.#read().blob();
  }
  override formData(): Promise<FormData> {
    return this.#read().formData();
  }
  override clone(): Response {
    return this.#read().clone();
  }
}

/** JSON that no cache may keep (RFC 6749 §5.1). */
export function json(
  body: unknown,
  init: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new JsonAnswer(JSON.stringify(body), {
    status: init.status ?? 200,
    headers: { 'content-type': 'application/json', ...NO_STORE, ...init.headers },
  });
}
