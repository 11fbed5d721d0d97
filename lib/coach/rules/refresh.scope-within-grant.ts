import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { rootOf } from '../tokens.ts';
import type { Run } from '../run.ts';
import { scopesOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not ask for more while refreshing. */
export const rule: Rule = {
  id: 'refresh.scope-within-grant',
  title: 'Does not ask for more while refreshing',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '6', 'Refreshing an Access Token'), oauth21('4.3.1', 'Token Endpoint Extension')],
  assessable: 'A refresh request with scope arrived.',
  pass: 'All its scopes were granted.',
  fail: 'One was not.',
  evidence: 'scope of the request and of the grant.',
  why: 'Only the user can grant more. Servers answer invalid_scope.',
  fix: 'Leave scope out, or send a subset; authorize again for more.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh }) => {
      const text = seen.param('scope');
      const tokens = run.ledger.byRefresh.get(refresh ?? '');
      if (!text || tokens === undefined) return null;
      const root = rootOf(tokens);
      const granted = root.scope ?? root.request.authorization?.scope ?? null;
      if (granted === null) return null;
      const shown = parameter(seen, 'scope', 'scope of the refresh request', granted.join(' '));
      const more = scopesOf(text).find(
        (scope) => !granted.includes(scope) && !(scope === 'notes:read' && granted.includes('notes:write')),
      );
      return more === undefined
        ? passSoFar('It asks for no more than was granted.', shown)
        : fail(
            `It asks for ${more}, which was not granted.`,
            shown,
            answerMember(root.request.seen, 'scope', 'what was granted'),
          );
    }),
  );
}
