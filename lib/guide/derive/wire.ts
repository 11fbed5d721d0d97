/** The wire: what travelled, what travels next, and the same in words. */
import { isCallback } from '../callback.ts';
import { errorOf, formOf, headerOf, redirectOf } from '#lib/exchange/read.ts';
import type {
  Bag,
  Exchange,
  ExchangeEntry,
  Facts,
  Party,
  StepRequest,
  Track,
  Wire,
  WireBar,
  WireMessage,
} from '../types.ts';
import { requestBeads, responseBeads } from './beads.ts';
import { failureOf } from './failure.ts';
import { preferred } from './requests.ts';
import { exchangesOf, type StepFacts, wentWrong } from './steps.ts';
import type { Ledger } from '../ledger.ts';
import { PARTY_NAMES, PARTY_TITLES, PARTY_WORDS, say } from './words.ts';

const PARTIES: readonly Party[] = ['you', 'client', 'as', 'mcp'];

/** A path in a word or two: `/token`, `oauth-protected-resource`. */
export function shortPath(url: string): string {
  let path: string;
  try {
    path = new URL(url.replaceAll(/[{}]/g, ''), 'http://x').pathname;
  } catch {
    return url;
  }
  const wellKnown = /\/\.well-known\/([^/]+)/.exec(path);
  if (wellKnown) return wellKnown[1]!;
  return `/${path.split('/').filter(Boolean).at(-1) ?? ''}`;
}

function requestLabel(exchange: Pick<Exchange, 'request' | 'from' | 'to'>, endpoint: string): string {
  const { method, url } = exchange.request;
  if (isCallback(exchange)) return 'callback';
  if ((endpoint === 'authorize' || endpoint === 'consent') && method === 'POST')
    return formOf(exchange).get('action') === 'deny' ? 'POST deny' : 'POST approve';
  const bearer = headerOf(exchange.request, 'authorization') === null ? '' : ' with token';
  return `${method} ${shortPath(url)}${endpoint === 'mcp' ? bearer : ''}`;
}

function responseLabel(exchange: Exchange): string {
  const { status } = exchange.response!;
  const location = headerOf(exchange.response, 'location');
  if (location === null) return String(status);
  if (location.includes('/consent/')) return `${status} to consent`;
  const error = errorOf(exchange);
  if (error) return `${status} with ${error}`;
  return `${status} ${redirectOf(exchange)?.parameters.has('code') ? 'with code' : 'on'}`;
}

const TEMPLATE_LABEL: Readonly<Record<string, string>> = {
  mcp_url: '/mcp',
  other_mcp_url: '/oauth',
  resource_metadata_url: 'oauth-protected-resource',
  as_metadata_url: 'oauth-authorization-server',
  registration_endpoint: '/register',
  authorization_endpoint: '/authorize',
  token_endpoint: '/token',
  revocation_endpoint: '/revoke',
  introspection_endpoint: '/introspect',
  userinfo_endpoint: '/userinfo',
  end_session_endpoint: '/logout',
  device_authorization_endpoint: '/device_authorization',
  pushed_authorization_request_endpoint: '/par',
  verification_uri: '/activate',
  client_metadata_url: 'client-metadata.json',
  redirect_uri: 'callback',
  prm_url: 'oauth-protected-resource',
  idp_metadata_url: 'openid-configuration',
  idp_authorization_endpoint: '/authorize',
  idp_token_endpoint: '/token',
  jwks_uri: 'jwks.json',
};

function plannedLabel(request: StepRequest): string {
  if (isCallback(request)) return 'callback';
  const name = /^\{(\w+)\}$/.exec(request.url)?.[1];
  if (request.navigates && request.method === 'POST') return 'POST approve';
  const bearer = request.headers.some((entry) => entry.name === 'Authorization') ? ' with token' : '';
  return (
    `${request.method} ` +
    `${name ? (TEMPLATE_LABEL[name] ?? shortPath(request.url)) : shortPath(request.url)}${bearer}`
  );
}

/** The client hands a URL to the browser: nothing of it is on the network. */
function handover(
  of: StepFacts,
  request: StepRequest,
  beads: readonly string[],
  state: WireMessage['state'],
): WireMessage {
  return {
    key: `${of.step.id}.${request.id}.open`,
    step: of.step.id,
    number: of.step.number,
    request: request.id,
    kind: 'handover',
    from: 'client',
    to: 'you',
    label: 'open URL',
    status: null,
    beads,
    state,
    newest: false,
  };
}

/** What travelled in an exchange, as arrows. */
export function messagesOf(of: StepFacts, entry: ExchangeEntry, bag: Bag, facts: Facts): WireMessage[] {
  const request = of.step.requests.find((candidate) => candidate.id === entry.request);
  const { exchange } = entry;
  const beads = requestBeads(exchange, bag, preferred(request));
  const isLast = exchangesOf(facts).at(-1) === entry;
  const state: WireMessage['state'] =
    of.status === 'stale' ? 'stale' : of.status === 'failed' && wentWrong(entry) ? 'failed' : 'done';
  const common = {
    step: of.step.id,
    number: of.step.number,
    request: entry.request,
    status: exchange.response?.status ?? null,
    state,
  };
  const messages: WireMessage[] = [];
  const isFirstNavigation =
    request?.navigates &&
    request.sends_when === null &&
    of.entries.find((other) => other.request === entry.request) === entry;
  if (isFirstNavigation && request) messages.push({ ...handover(of, request, beads, state) });
  messages.push({
    ...common,
    key: `${entry.key}.request`,
    kind: 'request',
    from: exchange.from,
    to: exchange.to,
    label: requestLabel(exchange, exchange.endpoint),
    beads,
    newest: isLast && !exchange.response,
  });
  if (exchange.response && exchange.to !== 'client') {
    messages.push({
      ...common,
      key: `${entry.key}.response`,
      kind: 'response',
      from: exchange.to,
      to: exchange.from,
      label: responseLabel(exchange),
      beads: responseBeads(exchange, bag, Object.keys(entry.made)),
      newest: isLast,
    });
  } else if (isLast) messages[messages.length - 1] = { ...messages.at(-1)!, newest: true };
  return messages;
}

/** What would travel in a step, as arrows. */
export function plannedMessages(of: StepFacts, isNext: boolean): WireMessage[] {
  const state: WireMessage['state'] = of.status === 'running' ? 'running' : isNext ? 'next' : 'future';
  const requests =
    isNext || of.status === 'running'
      ? of.step.requests
      : of.step.requests.filter((request) => request.sends_when === null).slice(0, 1);
  return requests.flatMap((request) => {
    const common = {
      step: of.step.id,
      number: of.step.number,
      request: request.id,
      status: null,
      state,
      newest: false,
      beads: [] as string[],
    };
    const key = `${of.step.id}.${request.id}`;
    const there: WireMessage = {
      ...common,
      key: `${key}.planned`,
      kind: 'request',
      from: request.from,
      to: request.to,
      label: plannedLabel(request),
    };
    if (state === 'future') return [there];
    const first = request.navigates && request.sends_when === null ? [handover(of, request, [], state)] : [];
    const back: WireMessage[] = isCallback(request)
      ? []
      : [{ ...common, key: `${key}.answer`, kind: 'response', from: request.to, to: request.from, label: '' }];
    return [...first, there, ...back];
  });
}

function words(track: Track, of: StepFacts, isNext: boolean, facts: Facts, now: Ledger): string[] {
  const { alt } = track.figures.wire;
  const number = of.step.number;
  const failure = failureOf(track, of, facts, now);
  const lines = of.entries.map((entry) => {
    const { exchange } = entry;
    const path = shortPath(exchange.request.url);
    if (isCallback(exchange)) return `Step ${number}. You to the client: the browser brings the answer to ${path}.`;
    return say(alt.done, {
      number,
      from: PARTY_TITLES[exchange.from],
      to: PARTY_WORDS[exchange.to],
      method: exchange.request.method,
      path,
      status: exchange.response?.status ?? 'by nothing',
    });
  });
  if (failure)
    lines.push(
      say(alt.failed, { number, status: failure.status ?? '', error: failure.error ?? '', says: failure.says })
        .replace(/ +/g, ' ')
        .replace(' .', '.'),
    );
  if (isNext && of.entries.length === 0) lines.push(say(alt.next, { number, action: of.step.action }));
  if (of.status === 'stale')
    lines.push(
      `Step ${number} is stale: it rests on ${of.staleBecause!.value}, which changed in step ` +
        `${of.staleBecause!.number}.`,
    );
  return lines;
}

function bars(messages: readonly WireMessage[], steps: readonly StepFacts[], now: Ledger): WireBar[] {
  const result: WireBar[] = [];
  const span = (value: string, party: Party, from: WireMessage | undefined, to: WireMessage | undefined) => {
    if (!from) return;
    const life = now.lives.findLast((candidate) => candidate.name === value);
    result.push({
      value,
      party,
      fromKey: from.key,
      toKey: to?.key ?? null,
      alive: life !== undefined && life.ended === null,
    });
  };
  const made = messages.filter((message) => message.state !== 'future' && message.state !== 'next');
  const isOf = (name: string) => (message: WireMessage) =>
    message.kind === 'request' && message.to === 'as' && message.beads.includes(name);
  const asks = steps.find((step) => step.step.values_made.some((entry) => entry.value === 'code_verifier'));
  if (asks && asks.status !== 'locked') {
    const opening = messages.find((message) => message.step === asks.step.id && message.kind === 'handover');
    if (now.bag.code_verifier) span('code_verifier', 'client', opening, made.findLast(isOf('code_verifier')));
    span(
      'code',
      'as',
      made.findLast((message) => message.step === asks.step.id && message.label.endsWith('with code')),
      made.findLast((message) => isOf('code')(message) && message.step !== asks.step.id),
    );
  }
  return result;
}

/**
 * @param current the step that the walk has come to
 */
export function wireOf(
  track: Track,
  steps: readonly StepFacts[],
  current: string | null,
  facts: Facts,
  now: Ledger,
): Wire {
  const messages = steps.flatMap((of) =>
    of.entries.length > 0 && !of.away
      ? of.entries.flatMap((entry) => messagesOf(of, entry, of.ledger.bag, facts))
      : plannedMessages(of, of.step.id === current),
  );
  return {
    title: track.figures.wire.alt.title,
    parties: PARTIES.map((party) => ({ party, name: PARTY_NAMES[party] })),
    messages,
    bars: bars(messages, steps, now),
    alt: steps.flatMap((of) => words(track, of, of.step.id === current, facts, now)),
    empty: facts.state.log.some((entry) => entry.kind === 'exchange') ? null : track.figures.wire.empty,
  };
}
