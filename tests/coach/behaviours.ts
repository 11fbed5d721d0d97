/** What clients of the tests on unusual behaviour do. */
import { expect } from 'vitest';
import { encodeForm, type Instance, type Json, json, pkce } from '../lib/sandbox.ts';
import { type Graded, grade, type Situation } from './grading.ts';
import { Scripted } from './scripted.ts';
import type { Travel } from './time.ts';

export const REDIRECT = 'http://127.0.0.1:8765/callback';

/** What is said against a client. */
export const against = ({ report }: Graded): string =>
  report.verdicts
    .filter(({ verdict }: Json) => verdict === 'fail' || verdict === 'warn')
    .map(({ rule, verdict, says }: Json) => `${verdict} ${rule}: ${says}`)
    .join('\n');

/** Grades a client that keeps every rule. @param passing rules that it shows */
export async function keepsEvery(
  instance: Instance,
  time: Travel,
  situation: Situation,
  ...passing: string[]
): Promise<Graded> {
  const graded = await grade(instance, time, situation, []);
  expect(against(graded)).toBe('');
  for (const rule of passing) expect.soft(graded.verdict(rule).verdict, rule).toBe('pass');
  return graded;
}

export const steer = (client: Scripted, path: string, body: Json = {}): Promise<Json> =>
  client.instance.ask(`/api/sandboxes/${client.made.id}${path}`, {
    ...json('POST', body),
    headers: { authorization: `Bearer ${client.made.control_token}`, 'content-type': 'application/json' },
  });

/** Another user of the same client, with tokens of its own. */
export function anotherUser(client: Scripted): Scripted {
  const other = new Scripted(client.instance, client.made, client.time, { ...client.options, client: client.client });
  const { prm, metadata, issuer, client: identity } = client;
  Object.assign(other, { prm, metadata, issuer, client: identity });
  return other;
}

/** A form to an endpoint. */
export const send = (client: Scripted, url: string, form: Json, headers: Record<string, string> = {}) =>
  client.ask(url, {
    method: 'POST',
    body: encodeForm(form),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

/** A sign-in without MCP, up to the code. */
export async function codeFor(client: Scripted, more: Json = {}): Promise<{ code: string; verifier: string }> {
  const { verifier, challenge } = pkce();
  const answer = await client.ask(
    `${client.metadata.authorization_endpoint}?${encodeForm({
      response_type: 'code',
      client_id: client.client.client_id,
      redirect_uri: REDIRECT,
      scope: 'notes:read',
      state: crypto.randomUUID(),
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    })}`,
    { headers: { 'sec-fetch-mode': 'navigate', 'user-agent': 'browser/1' } },
  );
  return { code: new URL(answer.headers.get('location')!).searchParams.get('code')!, verifier };
}

export const redemption = ({ code, verifier }: { code: string; verifier: string }) => ({
  grant_type: 'authorization_code',
  code,
  code_verifier: verifier,
  redirect_uri: REDIRECT,
});

export async function ready(client: Scripted): Promise<void> {
  await client.readIssuer(client.base);
  await client.identify();
}
