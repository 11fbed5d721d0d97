import { withoutTrailing } from '#lib/spec/trailing.ts';
import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { decodeFormPart, fromBase64url } from '#lib/exchange/encoding.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Encodes credentials for HTTP Basic. */
export const rule: Rule = {
  id: 'token.basic-encoding',
  title: 'Encodes credentials for HTTP Basic',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '2.3.1', 'Client Password'), oauth21('2.4.1', 'Client Secret')],
  assessable:
    'A token request with HTTP Basic arrived from a client whose identifier or secret changes under form ' +
    'encoding.',
  pass: 'Identifier and secret were form-encoded before they were joined.',
  fail: 'They were sent raw, or encoded otherwise.',
  evidence:
    'What arrived, decoded once, beside what was expected. Secrets are masked but for the characters in question.',
  why: 'A colon or a percent sign in a secret breaks the login, and nobody sees why, as most secrets have none.',
  fix: 'Apply form encoding to both parts, then join with a colon, then base64.',
  scenarios: ['secret-special-characters'],
  pitfalls: ['A space may be encoded as a plus sign or as %20. Both are passed.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen }) => {
      const raw = rawBasic(seen.header('authorization'));
      if (raw === null) return null;
      const registration = run.ledger.registrations.find(
        ({ clientId, answered }) =>
          raw.includes(clientId) ||
          decodeFormPart(raw.slice(0, Math.max(0, raw.indexOf(':')))) === clientId ||
          raw.startsWith(encodeURIComponent(clientId)) ||
          raw.includes(String(answered.client_secret)),
      );
      const secret = textOf(registration?.answered, 'client_secret');
      if (!registration || secret === null) return null;
      const pairs = [registration.clientId, secret];
      if (pairs.every((part) => encodeURIComponent(part) === part)) return null;
      const colon = raw.indexOf(':');
      const sent = [raw.slice(0, colon), raw.slice(colon + 1)];
      const shown = requestHeader(seen, 'authorization', 'the credentials, form-encoded before they are joined');
      const wrong =
        colon < 0 ||
        sent.some((part, index) => decodeFormPart(part) !== pairs[index] || /[^A-Za-z0-9\-._~*!'()%+]/.test(part));
      if (!wrong) return passSoFar('Identifier and secret are form-encoded.', shown);
      const odd = [...new Set(secret.match(/[^A-Za-z0-9\-._~]/g) ?? [])].join(' ');
      return fail(`The credentials are not form-encoded, or not once. Characters in question: ${odd}`, shown);
    }),
  );
}

function rawBasic(header: string | null): string | null {
  const encoded = /^basic +(\S+) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  try {
    return new TextDecoder().decode(
      fromBase64url(withoutTrailing(encoded, '=').replaceAll('+', '-').replaceAll('/', '_')),
    );
  } catch {
    return null;
  }
}
