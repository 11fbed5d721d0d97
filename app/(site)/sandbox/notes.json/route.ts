import { loadNotes } from '#lib/server/views/sandbox-words.ts';

/** What is said beside the lines of an exchange: read by the page of a sandbox once it may show one. */
export function GET(): Response {
  return Response.json(loadNotes(), { headers: { 'Cache-Control': 'public, max-age=300' } });
}
