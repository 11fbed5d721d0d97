import { loadRuleWords } from '#lib/server/views/sandbox-words.ts';

/** Clauses, reasons and fixes of the rules: read by the page of a sandbox once a rule is open. */
export function GET(): Response {
  return Response.json(loadRuleWords(), { headers: { 'Cache-Control': 'public, max-age=300' } });
}
