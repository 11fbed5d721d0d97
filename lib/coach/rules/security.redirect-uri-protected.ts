import { mcp, oauth21 } from '#lib/config/scenarios/clauses.ts';
import { fetched, parameter, requestMember } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { addressOf, isLoopback } from '../addresses.ts';
import { attemptsOf, everyOne } from '../look.ts';
import { documentsFetched } from '../documents.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Redirects go to https or to this machine. */
export const rule: Rule = {
  id: 'security.redirect-uri-protected',
  title: 'Redirects go to https or to this machine',
  level: 'MUST',
  from: '2025-03-26',
  until: null,
  spec: [
    mcp('2026-07-28', 'security', 'Communication Security'),
    oauth21('1.5', 'Communication security'),
    oauth21('8.4.3', 'Private-Use URI Scheme Redirection'),
  ],
  assessable: 'A redirect URI was registered, listed in a document, or sent in an authorization request.',
  pass: 'It is https, or http on localhost, 127.0.0.1 or [::1].',
  fail: 'It is http on another host.',
  evidence: 'The redirect URI.',
  why: 'The code travels in it, readable for everybody on the way.',
  fix: 'Use https, or a loopback listener.',
  scenarios: [],
  pitfalls: [
    'A private-use scheme (app://…) is a warning. MCP names only localhost and https; OAuth 2.1 permits ' +
      'such schemes to native applications.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const places = [
    ...attemptsOf(run).flatMap(({ seen, body }) =>
      (textsOf(body, 'redirect_uris') ?? []).map((uri) => ({
        uri,
        shown: requestMember(seen, 'redirect_uris', uri, 'a registered redirect URI'),
      })),
    ),
    ...run.authorizations.flatMap(({ seen, pushed, parameters }) => {
      const uri = parameters.get('redirect_uri');
      return uri === null
        ? []
        : [{ uri, shown: parameter(pushed ?? seen, 'redirect_uri', 'redirect_uri of the request') }];
    }),
    ...documentsFetched(run).flatMap(({ seen, index, document }) =>
      (textsOf(document, 'redirect_uris') ?? []).map((uri) => ({
        uri,
        shown: { ...fetched(seen, index, 'redirect_uris', 'a redirect URI of the document'), got: uri },
      })),
    ),
  ];
  return worst(
    everyOne(places, ({ uri, shown }) => {
      const url = addressOf(uri);
      if (url === null) return null;
      if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host)))
        return passSoFar('Redirects go to https or to this machine.', shown);
      if (url.protocol === 'http:') return fail('A redirect goes to another host by http.', shown);
      return warn('A redirect has a private-use scheme, which MCP does not name.', shown);
    }),
  );
}
