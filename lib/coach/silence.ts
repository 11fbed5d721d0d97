/** Where a client stopped, and who is the likeliest to be at fault: from the last exchange, and from the rules. */
import { holdsFor } from '#lib/exchange/conditions.ts';
import { redirectOf } from '#lib/exchange/read.ts';
import { type ReasonId, reasons } from '#lib/spec/reasons.ts';
import { type Judged, nameOf } from './evaluate.ts';
import type { Run } from './run.ts';
import type { Seen } from './seen.ts';
import { type SilencePoint, silencePoints } from './silence-points.ts';
import type { Exhibit, SilenceInfo } from './types.ts';

/** The point of the catalogue that an exchange leads to; null if a client may stop in peace after it. */
export function pointAfter(seen: Seen): string | null {
  const refused = seen.status >= 400 || seen.status === 0;
  switch (seen.endpoint) {
    case 'mcp':
    case 'bearer':
      if (seen.method !== 'POST') return null;
      if (seen.status === 401) return seen.header('authorization') === null ? 'after-401' : 'after-token-refused';
      if (seen.status === 403 && seen.error === 'insufficient_scope') return 'after-403';
      return !refused && seen.header('authorization') !== null ? 'after-first-call' : null;
    case 'prm':
      return refused ? 'after-401' : 'after-prm';
    case 'as-metadata':
      return refused ? 'after-prm' : 'after-as-metadata';
    case 'register':
      return refused ? 'after-register-refused' : 'after-register';
    case 'authorize':
    case 'consent': {
      const parameters = redirectOf(seen.exchange)?.parameters;
      if (parameters?.has('error')) return 'after-error-redirect';
      return parameters?.get('code') ? 'after-redirect' : 'consent-open';
    }
    case 'token':
      if (seen.error === 'authorization_pending' || seen.error === 'slow_down') return 'polling-stopped';
      if (!refused) return 'after-token';
      return seen.param('grant_type') === 'refresh_token' && seen.error === 'invalid_grant'
        ? 'after-refresh-refused'
        : 'after-token-error';
    case 'device':
      return refused ? 'after-token-error' : 'after-device-code';
    default:
      return null;
  }
}

/** Points at which most clients wait for somebody to press a button. */
const USERS: ReadonlySet<string> = new Set([
  'after-401',
  'after-as-metadata',
  'after-register',
  'consent-open',
  'before-anything',
]);

/**
 * Where the client has been silent for longer than a client needs; null if it has not. In a closed run: where it
 * stopped before any call with a token, or without MCP any token request, was let in.
 */
export function silenceOf(run: Run, judged: readonly Judged[]): SilenceInfo | null {
  if (run.closed && (run.seen.length === 0 || gotThrough(run))) return null;
  const last = run.seen.findLast((seen) => pointAfter(seen) !== null) ?? null;
  if (last === null && run.seen.length > 0) return null;
  const { sandbox } = run.ledger.input;
  const id = last === null ? 'before-anything' : pointAfter(last);
  const point = silencePoints.find((one) => one.id === id);
  if (point === undefined) return null;
  const seconds = Math.max(0, Math.floor((run.now - (last?.end ?? sandbox.createdAt)) / 1000));
  if (!run.closed && seconds < point.silentAfter) return null;
  const blamed = blame(point, last, judged);
  return { point: point.id, at: last?.seq ?? null, seconds, ...blamed, causes: causesOf(point, last, blamed.verdict) };
}

function gotThrough(run: Run): boolean {
  const isGood = ({ status }: Seen): boolean => status >= 200 && status < 300;
  return run.mcp
    ? run.calls.some(({ seen, token }) => token !== null && isGood(seen))
    : run.tokenRequests.some(({ seen }) => isGood(seen));
}

/** The causes that can be true after this exchange. What was done on purpose needs no further cause. */
export function causesOf(
  point: SilencePoint,
  last: Pick<Seen, 'exchange'> | null,
  verdict: SilenceInfo['verdict'],
): SilenceInfo['causes'] {
  if (verdict === 'scripted' || verdict === 'client-right') return [];
  return point.causes
    .filter(({ when = {} }) => last === null || holdsFor(when, last.exchange))
    .map(({ cause, lookAt, rule }) => ({ cause, look_at: lookAt, ...(rule === undefined ? {} : { rule }) }));
}

/** What the server itself says of the latest exchange, from the reason in its record; null if it refused nothing. */
function whyRefused({ exchange }: Seen): string | null {
  const { reason } = exchange;
  return reason !== null && Object.hasOwn(reasons, reason) ? reasons[reason as ReasonId].says : null;
}

/** Whether an exhibit is of the answer of this exchange, and not of its request. */
const isOfAnswer =
  (seen: Seen) =>
  (exhibit: Exhibit): boolean =>
    exhibit.seen === seen && exhibit.pointer.startsWith('/response');

function blame(
  point: SilencePoint,
  last: Seen | null,
  judged: readonly Judged[],
): Pick<SilenceInfo, 'verdict' | 'why' | 'decides'> {
  const possible = point.causes.filter(({ when = {} }) => last === null || holdsFor(when, last.exchange));
  const about = possible.flatMap(({ rule }) => rule ?? []);
  if (last === null)
    return { verdict: 'yours', why: `${point.point}. To be expected: ${point.nextExpected}.`, decides: [] };
  const shows = ({ finding }: Judged): boolean =>
    finding.verdict !== 'not_observed' && finding.exhibits.some(({ seen }) => seen === last);
  const refused = whyRefused(last);
  // A warning stops nobody, unless it is about just this point, and the server does not say itself why it refused.
  const stops = (one: Judged): boolean =>
    nameOf(one) === 'fail' ||
    (nameOf(one) === 'warn' && refused === null && possible.some(({ rule }) => rule === one.rule.id));
  // What was wrong with a request is not why it was refused if the answer was scripted: only what it did with that is.
  const isScripted = last.exchange.reason === 'fault-scripted' || (last.faulted && last.status < 400);
  const counts = (one: Judged): boolean => !isScripted || (one.finding.exhibits ?? []).some(isOfAnswer(last));
  const broken = judged.find((one) => shows(one) && stops(one) && counts(one));
  // 429 and 503 ask a client to come again: it did not have to stop.
  const comesAgain = last.status === 429 || last.status === 503;
  const stopped = judged.find(
    (one) =>
      (one.finding.verdict === 'pass' && one.finding.soFar !== true && shows(one)) ||
      (one.finding.verdict === 'not_observed' && one.finding.code === 'waiting'),
  );
  const open = judged.filter(
    ({ finding }) => finding.verdict === 'not_observed' && (finding.code === 'open' || finding.code === 'waiting'),
  );
  const decides = [
    ...new Set([...(broken ? [broken.rule.id] : []), ...open.map(({ rule }) => rule.id), ...about]),
  ].slice(0, 5);
  if (broken !== undefined && broken.finding.verdict !== 'not_observed')
    return { verdict: 'client-wrong', why: broken.finding.says, decides };
  if (point.id === 'after-error-redirect')
    return { verdict: 'client-right', why: 'It was refused, and reports that to its user.', decides };
  const acted = last.exchange.acted ?? [];
  if (acted.length > 0)
    return stopped && !comesAgain
      ? { verdict: 'client-right', why: 'The sandbox misbehaves at this point, and a client has to stop.', decides }
      : {
          verdict: 'scripted',
          why: `The sandbox did this on purpose: ${acted.map(({ name }) => name).join(', ')}.`,
          decides,
        };
  if (USERS.has(point.id) && (last.status < 400 || last.status === 401))
    return { verdict: 'yours', why: possible[0]?.cause ?? 'It waits for its user.', decides };
  const expected = `To be expected: ${point.nextExpected}.`;
  return { verdict: 'client-wrong', why: refused === null ? expected : `${refused} ${expected}`, decides };
}
