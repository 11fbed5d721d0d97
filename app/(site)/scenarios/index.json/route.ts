import { scenarioEntries } from '#lib/server/views/scenarios.ts';

/** The scenarios as a list: read by the page of a sandbox, and by the search of the catalogue. */
export function GET(): Response {
  return Response.json(scenarioEntries(), { headers: { 'Cache-Control': 'public, max-age=300' } });
}
