import { headers } from 'next/headers';
import { indexOf, SEE } from '#lib/server/views/reference-index.ts';
import { reference } from '#lib/server/views/reference.ts';

/** What the search of the reference looks through; read when somebody begins to search. */
export async function GET(): Promise<Response> {
  const entries = indexOf(await reference((await headers()).get('host')));
  return Response.json(
    { see: SEE, entries: entries.map(({ kind, text, at, href }) => [kind, text, at, href]) },
    { headers: { 'Cache-Control': 'public, max-age=300' } },
  );
}
