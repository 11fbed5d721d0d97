/** Access tokens that the MCP server refused. */
import { worst } from './findings.ts';
import { everyOne } from './look.ts';
import type { Run } from './run.ts';
import type { Seen } from './seen.ts';
import type { Finding } from './types.ts';

/**
 * Judges each access token once, by the first 401 `invalid_token` that was delivered.
 * @param judge null: this refusal tells nothing, and a later one of the same token may
 */
export function everyRefusedToken(run: Run, judge: (seen: Seen, token: string) => Finding | null): Finding {
  const judged = new Set<string>();
  return worst(
    everyOne(run.calls, ({ seen, token }) => {
      if (token === null || judged.has(token)) return null;
      if (seen.status !== 401 || !seen.delivered || seen.error !== 'invalid_token') return null;
      const finding = judge(seen, token);
      if (finding !== null) judged.add(token);
      return finding;
    }),
  );
}
