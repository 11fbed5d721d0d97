import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { request } from '../exhibits.ts';
import { fail, none, passSoFar } from '../findings.ts';
import { readable } from '../documents.ts';
import { usesServer } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses the endpoints of the metadata. */
export const rule: Rule = {
  id: 'discovery.endpoints-from-metadata',
  title: 'Uses the endpoints of the metadata',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2025-06-18', 'authorization', 'Server Metadata Discovery'),
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    rfc(8414, '2', 'Authorization Server Metadata'),
  ],
  assessable: 'Metadata with status 200 was delivered to this client.',
  pass: 'All registration, authorization and token requests go to the endpoints that it names.',
  fail: 'The client requests a guessed endpoint, such as {base}/authorize or {base}/token, and gets 404.',
  evidence: 'The guessed request and the endpoint in the document.',
  why: 'Default paths were a fallback of the first revision. They hit nothing on most servers, or something else.',
  fix: 'Take every endpoint from the document. Where one is missing, the server does not offer it.',
  scenarios: [],
  pitfalls: [
    'Guesses at the root of a shared origin cannot be attributed.',
    "Guesses before the metadata was delivered may be another client's probing, and are ignored.",
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [first] = readable(run.documents);
  if (first === undefined) return none('no-occasion');
  const base = run.base.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const named = new Set(readable(run.documents).flatMap(({ document }) => Object.values(document)));
  const after = run.after(first.seen);
  const guessed = after.find(
    ({ endpoint, path, status: code, exchange }) =>
      endpoint === 'unknown' &&
      code === 404 &&
      path.startsWith(base) &&
      GUESS.test(path.slice(base.length)) &&
      !named.has(exchange.request.url.split('?')[0]),
  );
  if (guessed)
    return fail(
      'It asked at an address that the metadata does not name.',
      request(guessed, 'the guessed address'),
      request(first.seen, 'the metadata, with the right ones'),
    );
  const used = after.find(usesServer);
  return used
    ? passSoFar('It uses the endpoints of the metadata.', request(used, 'the first of them'))
    : none('no-occasion');
}

const GUESS = /^(?:\/mcp|\/oauth|\/oauth2|\/api)?(?:\/oauth2?)?(?:\/v\d)?\/(?:authorize|token|register)\/?$/;
