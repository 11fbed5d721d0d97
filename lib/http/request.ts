/**
 * A request as the engine reads it, made of what the socket holds: no `Request`, `Headers` or URL object of the web
 * platform is built as long as nobody asks for one.
 */
import type { EngineRequest, HeaderReader } from '#lib/oauth/context.ts';

/** The header fields of a message, as they came. Reads as `Headers` does: repeated fields are joined by a comma. */
export class RawHeaders implements HeaderReader {
  readonly #raw: readonly string[];
  #names: readonly string[] | null = null;

  /** @param raw names and values in turn, as `IncomingMessage.rawHeaders` has them */
  constructor(raw: readonly string[]) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase();
    const names = this.#lowerCase();
    let value: string | null = null;
    for (let at = 0; at < names.length; at += 1) {
      if (names[at] !== wanted) continue;
      const part = this.#raw[2 * at + 1]!;
      value = value === null ? part : `${value}${wanted === 'cookie' ? '; ' : ', '}${part}`;
    }
    return value;
  }

  has(name: string): boolean {
    return this.#lowerCase().includes(name.toLowerCase());
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const name of new Set(this.#lowerCase())) yield [name, this.get(name)!];
  }

  #lowerCase(): readonly string[] {
    this.#names ??= this.#raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    return this.#names;
  }
}

/** A request at another address: that of the server's own origin, whatever a proxy made of it. */
export class AddressedRequest implements EngineRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderReader;
  readonly #request: Request;

  constructor(request: Request, url: string, headers: HeaderReader) {
    this.#request = request;
    this.method = request.method;
    this.url = url;
    this.headers = headers;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}
