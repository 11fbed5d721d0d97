import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Registration } from '../entries.ts';
import { withoutPort } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Registers once, and keeps the answer. */
export const rule: Rule = {
  id: 'registration.kept',
  title: 'Registers once, and keeps the answer',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    rfc(7591, '3.2.1', 'Client Information Response'),
    mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
  ],
  assessable: 'A client authorized with an identifier that it had registered, and connected again.',
  pass: 'It uses the identifier again, for another authorization or a refresh.',
  fail:
    'It registers a third time at the same issuer with the same name and redirect URIs, although the first ' +
    'two registrations were good and gave tokens.',
  evidence: 'The third registration, and the identifier that was good.',
  why:
    'Each connection leaves a dead client behind, and the user gives consent anew each time. Servers that ' +
    'limit registrations lock the client out.',
  fix: 'Store client_id and client_secret by issuer, and register only if nothing is stored.',
  scenarios: [],
  pitfalls: [
    'Two installations of one program look alike. Identifiers that are used side by side are not judged.',
    'A registration after invalid_client or after a reset of the sandbox is right.',
    'No clause forbids it. The rule rests on what a registration is for.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const registrations = run.registrations.filter(({ clientId }) =>
    run.authorizations.some((one) => one.clientId === clientId),
  );
  const findings: Finding[] = [];
  for (const issuer of new Set(registrations.map((one) => one.issuer))) {
    const mine = registrations.filter(
      (one) => one.issuer === issuer && isAlike(one, registrations.find((other) => other.issuer === issuer)!),
    );
    // Two that are used side by side are two installations of one program.
    const apart = mine.filter((one, index) => {
      const next = mine[index + 1];
      return (
        next === undefined ||
        !run.tokenRequests.some(({ clientId, seen }) => clientId === one.clientId && byTime(seen, next.seen) > 0)
      );
    });
    const worked = apart.filter((one) => run.tokens.some(({ request: { clientId } }) => clientId === one.clientId));
    const refused = run.seen.some(
      (seen) => seen.error === 'invalid_client' || seen.exchange.reason === 'client-unknown',
    );
    const third = worked.length >= 2 ? apart.find((one) => byTime(one.seen, worked[1]!.seen) > 0) : undefined;
    if (third && !refused && run.ledger.resets.length === 0)
      findings.push(
        fail(
          `It registered ${apart.length} times, although it had a registration that was good.`,
          request(third.seen, 'the third registration'),
          answerMember(worked[0]!.seen, 'client_id', 'an identifier that was good'),
        ),
      );
    else {
      const reused = mine.find(
        ({ clientId }) =>
          run.authorizations.filter((one) => one.clientId === clientId).length > 1 ||
          run.refreshes.some((one) => one.clientId === clientId),
      );
      if (reused)
        findings.push(
          passSoFar(
            'It uses its registration again.',
            answerMember(reused.seen, 'client_id', 'the identifier that it kept'),
          ),
        );
    }
  }
  return worst(findings);
}

function isAlike(a: Registration, b: Registration): boolean {
  const name = ({ asked }: Registration) =>
    JSON.stringify([asked.client_name ?? null, (textsOf(asked, 'redirect_uris') ?? []).map(withoutPort)]);
  return name(a) === name(b);
}
