/** Access tokens that the MCP server refused. */
import { worst } from './findings.ts';
import type { Call, TokenRequest } from './entries.ts';
import { everyOne } from './look.ts';
import { JWT_BEARER } from './tokens.ts';
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

/**
 * Calls with a refused token later than two seconds after the refusal: what came before was on its way. A third one is
 * held against the client.
 */
export function sentAgain(run: Run, refusal: Seen, token: string): readonly Call[] {
  return run.calls.filter((call) => call.token === token && call.seen.start > refusal.end + 2000);
}

/** Refusals of a grant that are a decision about the client, and not about this one request. */
const DECISIONS: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_scope', 'unauthorized_client']);

/** Whether an assertion that was presented as a grant was refused for good, and the client knows. */
export function isDecision({ seen, grantType }: TokenRequest): boolean {
  return grantType === JWT_BEARER && seen.delivered && DECISIONS.has(seen.error ?? '');
}
