/** Answers of the protocol, as they leave the engine. */

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** An answer that knows its text, so that whoever sends it need not read it back out of a stream. */
export class JsonAnswer extends Response {
  readonly content: string;

  constructor(content: string, init: ResponseInit) {
    super(content, init);
    this.content = content;
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
