import { mcp } from '#lib/config/scenarios/clauses.ts';
import { requestMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { addressOf, isLoopback } from '../addresses.ts';
import { attemptsOf, everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The kind of application fits the redirect URIs. */
export const rule: Rule = {
  id: 'registration.application-type-fits',
  title: 'The kind of application fits the redirect URIs',
  level: 'SHOULD',
  from: '2026-07-28',
  until: null,
  spec: [mcp('2026-07-28', 'registration', 'Application Type and Redirect URI Constraints')],
  assessable: 'A registration has application_type and redirect_uris.',
  pass: 'application_type is native, or it is web and every redirect URI is https on a host that is not loopback.',
  fail: 'application_type is web and a redirect URI is loopback or has a private-use scheme.',
  evidence: 'Both members.',
  why: 'Servers that enforce the distinction refuse the registration.',
  fix: 'Register loopback and private-use redirects as native.',
  scenarios: [],
  pitfalls: ['Native applications may have claimed https redirects, so that native with https is not judged.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(attemptsOf(run), ({ seen, body }) => {
      const type = textOf(body, 'application_type');
      const uris = textsOf(body, 'redirect_uris') ?? [];
      if (uris.length === 0 || (type !== 'native' && type !== 'web')) return null;
      const shown = (uri: string | null) => requestMember(seen, 'redirect_uris', uri, 'the redirect URI');
      if (type === 'native') return passSoFar('Native applications may use any of these.', shown(uris[0]!));
      const wrong = uris.find((uri) => {
        const url = addressOf(uri);
        return url !== null && (isLoopback(url.host) || !/^https?:$/.test(url.protocol));
      });
      if (wrong !== undefined)
        return fail(
          'A web application has a redirect URI of a native one.',
          shown(wrong),
          requestMember(seen, 'application_type', type, 'the kind of application', 'native'),
        );
      return passSoFar('The redirect URIs fit a web application.', shown(uris[0]!));
    }),
  );
}
