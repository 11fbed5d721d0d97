import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, none, pass, worst } from '../findings.ts';
import { delivered } from '../documents.ts';
import { everyOne, untilClosed, usesServer } from '../look.ts';
import { isUrl } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Registers again when the issuer changes. */
export const rule: Rule = {
  id: 'registration.anew-at-new-issuer',
  title: 'Registers again when the issuer changes',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  spec: [
    mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
    {
      doc: 'SEP-2352 Authorization Server Binding',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2352',
    },
  ],
  assessable:
    'The client registered dynamically at the first issuer, and read resource metadata that names the second one.',
  pass: 'It registers at the second issuer, or authorizes there with a metadata document.',
  fail:
    "The run is closed after three or more requests to the first issuer's endpoints since then, and no " +
    'registration at the second.',
  absence: 'Certain only when the developer closes the run.',
  evidence: 'The metadata with the new issuer, and the requests after it.',
  why: 'The old registration means nothing at the new server.',
  fix: 'When no registration for the new issuer is stored, register there before authorizing.',
  scenarios: ['authorization-server-migration'],
  pitfalls: [
    'A client with pre-registered credentials should report the change instead; the rule does not apply to it.',
    'A client may ask the user first. Silence alone is no failure.',
  ],
  checks: ['sep-2352-reregister-on-as-change'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(delivered(run.prm), ({ seen, document }) => {
      const named = textsOf(document, 'authorization_servers') ?? [];
      const [issuer] = named;
      if (issuer === undefined || named.includes(run.issuer)) return null;
      const before = run.ledger.registrations.find((one) => one.issuer === run.issuer && byTime(one.seen, seen) < 0);
      if (before === undefined) return null;
      const shown = answerMember(seen, 'authorization_servers', 'the metadata names another issuer');
      const after = run.after(seen);
      const anew = after.find(
        (one) =>
          run.ledger.issuerOf(one) === issuer &&
          (one.endpoint === 'register' || (one.endpoint === 'authorize' && isUrl(one.param('client_id') ?? ''))),
      );
      if (anew) return pass('It has an identifier of the new issuer.', request(anew, 'the registration there'), shown);
      if (!run.closed) return untilClosed('It has not registered at the new issuer yet.');
      const old = after.filter((one) => usesServer(one) && run.ledger.issuerOf(one) === run.issuer);
      return old.length < 3
        ? none('no-occasion')
        : fail(
            'It stayed with the issuer that no longer speaks for the resource.',
            request(old[2]!, 'the third request to the old issuer'),
            shown,
          );
    }),
  );
}
