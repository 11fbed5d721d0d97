/** Answers of the protocol, as they leave the engine. */

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** JSON that no cache may keep (RFC 6749 §5.1). */
export function json(
  body: unknown,
  init: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status: init.status ?? 200,
    headers: { 'content-type': 'application/json', ...NO_STORE, ...init.headers },
  });
}
