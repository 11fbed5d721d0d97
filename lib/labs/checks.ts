/**
 * What the lab's own client compares, what a browser looks at before it shows a page in a frame, and what a script
 * finds in the storage of a page. The server's checks are in its record.
 */
import { headerOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { ClientSwitches, LabCheck } from './types.ts';

/** What the client remembers of its authorization request. */
export interface Remembered {
  /** Null: it sent none that is waiting in this browser. */
  readonly state: string | null;
  readonly issuer: string;
}

const quoted = (value: string | null): string | null => (value === null ? null : value.slice(0, 200));

/**
 * The client's comparisons on an answer, up to the first that objects. One that its switches leave out is there all
 * the same, as not asked.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-7.9
 * @see https://datatracker.ietf.org/doc/html/rfc9207#section-2.4
 */
export function answerChecks(
  answer: Readonly<Record<string, string>>,
  remembered: Remembered,
  client: ClientSwitches,
): LabCheck[] {
  const state: LabCheck = {
    check: 'client-state',
    says: '`state` is the one that this browser sent',
    by: 'client',
    clause: 'oauth21-7.9',
    ...judged(client.binding === 'none', remembered.state, answer.state ?? null, 'client-state-mismatch'),
  };
  if (!state.ok) return [state];
  const iss: LabCheck = {
    check: 'client-iss',
    says: '`iss` is the issuer that was asked, letter by letter',
    by: 'client',
    clause: 'rfc9207-2.4',
    ...judged(client.iss === 'ignore', remembered.issuer, answer.iss ?? null, 'client-iss-mismatch'),
  };
  return [state, iss];
}

function judged(
  skipped: boolean,
  expected: string | null,
  got: string | null,
  reason: string,
): Pick<LabCheck, 'ok' | 'evidence' | 'reason'> {
  if (skipped) return { ok: true, reason: null, evidence: { asked: false } };
  const ok = expected !== null && expected === got;
  return { ok, reason: ok ? null : reason, evidence: { expected: quoted(expected), got: quoted(got) } };
}

/**
 * Whether a browser shows a page in a frame of a page of the same origin.
 * @see https://www.w3.org/TR/CSP3/#directive-frame-ancestors
 */
export function frameCheck(page: Exchange): LabCheck {
  const policy = headerOf(page.response, 'content-security-policy') ?? '';
  const ancestors = /(?:^|;)\s*frame-ancestors\s+([^;]*)/i.exec(policy)?.[1]?.trim() ?? null;
  const options = headerOf(page.response, 'x-frame-options');
  const ok = ancestors === null ? options?.toUpperCase() !== 'DENY' : /'self'|\*/.test(ancestors);
  return {
    check: 'browser-frame',
    says: 'The page may be shown in a frame',
    by: 'you',
    clause: 'oauth21-7.10',
    ok,
    reason: null,
    evidence: { expected: "frame-ancestors 'self'", got: ancestors === null ? null : `frame-ancestors ${ancestors}` },
  };
}

/**
 * Whether a script that runs in the page of a client finds a token in its storage.
 * @param found what it read, by name
 * @see https://www.rfc-editor.org/rfc/rfc10017.html#section-6.1
 */
export function storageCheck(found: Readonly<Record<string, string>>): LabCheck {
  const names = Object.keys(found);
  return {
    check: 'page-storage',
    says: 'The storage of the page holds a token',
    by: 'client',
    clause: 'browser-apps-6.1',
    ok: names.length > 0,
    reason: null,
    evidence: { expected: 'a token', got: names.length > 0 ? names.join(' ') : 'nothing' },
  };
}
