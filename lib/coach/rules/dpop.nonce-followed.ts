import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, jwtMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Run } from '../run.ts';
import { type Seen, textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Follows a changing nonce. */
export const rule: Rule = {
  id: 'dpop.nonce-followed',
  title: 'Follows a changing nonce',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(9449, '8.2', 'Providing a New Nonce Value'), rfc(9449, '9', 'Resource Server-Provided Nonce')],
  assessable: 'A successful answer brought a new DPoP-Nonce, and three more requests to the same server followed.',
  pass: 'At least the third of them carries the newest nonce at its time or the one before.',
  fail: 'None of the three does.',
  evidence: 'The nonces issued and used, in order.',
  why: 'Else each new nonce costs a refused request.',
  fix: 'Store DPoP-Nonce from every answer, whatever its status.',
  scenarios: ['dpop-nonce-rotates'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const findings: Finding[] = [];
  for (const server of ['token', 'mcp']) {
    const all = run.seen.filter((seen) => seen.endpoint === server && run.ledger.proofOf(seen) !== null);
    const issued: string[] = [];
    for (const seen of all) {
      const nonce = seen.answerHeader('dpop-nonce');
      if (nonce === null) continue;
      const isNew = !issued.includes(nonce);
      issued.push(nonce);
      const next = all.filter((one) => one.start > seen.end).slice(0, 3);
      if (!isNew || seen.status < 200 || seen.status >= 300 || !seen.delivered || next.length < 3) continue;
      const shown = answerHeader(seen, 'dpop-nonce', 'a new nonce in a successful answer');
      const follows = next.find((one) =>
        recentNonces(all, one).includes(textOf(run.ledger.proofOf(one)?.claims, 'nonce') ?? ''),
      );
      findings.push(
        follows
          ? passSoFar(
              'It follows the nonce.',
              jwtMember(follows, { header: 'dpop' }, 'nonce', 'nonce of a later proof'),
              shown,
            )
          : fail(
              'None of the three proofs after it has a new nonce.',
              jwtMember(next[2]!, { header: 'dpop' }, 'nonce', 'nonce of the third proof', nonce),
              shown,
            ),
      );
    }
  }
  return worst(findings);
}

/**
 * The two nonces that were handed out last before a request, and those of answers that came beside the last one: a
 * client that calls several times at once keeps any of them.
 */
function recentNonces(all: readonly Seen[], before: Seen): readonly string[] {
  const answered = all
    .filter((seen) => seen.end < before.start && seen.answerHeader('dpop-nonce') !== null)
    .sort((a, b) => b.end - a.end || b.seq - a.seq);
  const nonces = [...new Set(answered.map((seen) => seen.answerHeader('dpop-nonce')!))].slice(0, 2);
  const [newest] = answered;
  const beside = answered.filter((seen) => newest !== undefined && seen.end > newest.start);
  return [...nonces, ...beside.map((seen) => seen.answerHeader('dpop-nonce')!)];
}
