import { loadKnobs } from '#lib/server/views/sandbox-words.ts';

/** The knobs in words: read by the page of a sandbox when somebody opens its controls. */
export function GET(): Response {
  return Response.json(loadKnobs(), { headers: { 'Cache-Control': 'public, max-age=300' } });
}
