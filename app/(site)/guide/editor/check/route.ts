import { checkLevel } from '#lib/labs/levels/check.ts';
import { MOST_BYTES } from '#lib/labs/levels/read.ts';
import { isPublicInstance } from '#lib/server/views/origin.ts';

const refusal = (status: number, error: string, says: string): Response =>
  Response.json({ error, error_description: says }, { status });

/** Reads a body within its bound; null if it is longer. */
async function boundedText(request: Request): Promise<string | null> {
  const reader = request.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** Checks the YAML of a level: the level, ready to be played, or what is wrong, by line. */
export async function POST(request: Request): Promise<Response> {
  if (await isPublicInstance())
    return refusal(403, 'access_denied', 'Levels of one’s own are played on a local instance only.');
  const text = await boundedText(request);
  if (text === null) return refusal(413, 'invalid_request', `A level has ${MOST_BYTES} bytes at most.`);
  return Response.json(checkLevel(text), { headers: { 'Cache-Control': 'no-store' } });
}
