import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { clientAt } from '../clients.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { differenceOf, everyOne } from '../look.ts';
import { isListed } from '../addresses.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses a registered redirect URI. */
export const rule: Rule = {
  id: 'authorize.redirect-uri-registered',
  title: 'Uses a registered redirect URI',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    mcp('2026-07-28', 'security', 'Open Redirection'),
    oauth21('2.3.1', 'Registration Requirements'),
    rfc(8252, '7.3', 'Loopback Interface Redirection'),
  ],
  assessable: 'An authorization request of a known client arrived.',
  pass:
    'redirect_uri is registered, for loopback regardless of the port; or it is missing and exactly one is ' +
    'registered.',
  fail: 'It is not registered, or missing where several are.',
  evidence: 'redirect_uri and the registered ones, with the first difference marked.',
  why: 'The server must not send the user anywhere else, so that the flow ends on an error page.',
  fix: 'Register exactly what is sent; take 127.0.0.1 and localhost for different hosts.',
  scenarios: [],
  pitfalls: [
    'Under redirect-port-exact the server is stricter than it should be. Not assessable there.',
    'By default the sandbox frees the port of 127.0.0.1, [::1] and localhost. RFC 8252 names the ' +
      'addresses only, OAuth 2.1 names localhost. A client that relies on either is not failed by this ' +
      'rule.',
    'A client whose registration was lost is not at fault.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters, clientId }) => {
      const client = clientAt(run, clientId, seen);
      if (client === undefined || client.source === 'document') return null;
      const uri = parameters.get('redirect_uri') || null;
      const { redirectUris } = client;
      if (client.source === 'pre-registered' && redirectUris.length === 0) return null;
      const shown = parameter(pushed ?? seen, 'redirect_uri', 'redirect_uri of the request', redirectUris.join(' '));
      if (uri === null) {
        if (redirectUris.length === 1) return passSoFar('The redirect URI is missing, and one is registered.', shown);
        const registered = redirectUris.length === 0 ? 'none' : 'more than one';
        return fail(`The redirect URI is missing, and ${registered} is registered.`, shown);
      }
      if (isListed(uri, redirectUris))
        return run.knob(seen, 'authorize.redirectPort') === 'exact' && !redirectUris.includes(uri)
          ? none('on-purpose')
          : passSoFar('The redirect URI is registered.', shown);
      return fail(
        `The redirect URI is not registered${redirectUris[0] ? `: ${differenceOf(uri, redirectUris[0])}` : ''}.`,
        shown,
      );
    }),
  );
}
