/**
 * Clients that are known by a document: the identifier is an address, and whoever wants to know the
 * client reads what lies there.
 *
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html
 */
import { mergePatch } from '#lib/fetch/merge-patch.ts';
import { isFetchRefused } from '#lib/fetch/refused.ts';
import { isInvented, leadsInside, simulatedAnswer } from '#lib/fetch/simulated.ts';
import { bareHost, isLoopbackHost } from '#lib/fetch/addresses.ts';
import type { ClientDocumentRecord, ClientRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { documentAddress } from '../checks/document-address.ts';
import { documentJson } from '../checks/document-json.ts';
import { CLIENT_DOCUMENT_KIB } from '#lib/spec/limits.ts';
import { documentNamesItself } from '../checks/document-names-itself.ts';
import { documentOutside } from '../checks/document-outside.ts';
import { documentRead } from '../checks/document-read.ts';
import { documentValid } from '../checks/document-valid.ts';
import { namedRedirectUri } from '../parameters.ts';
import type { Context } from '../context.ts';
import { addressKey } from '../requester.ts';
import { idTokenAlgorithms } from '../tokens/id-token.ts';
import { freshness } from './document-cache.ts';
import { ownDocument, ownDocumentAddress } from './own-document.ts';

/**
 * The client that the document at `url` describes.
 *
 * @param url the client identifier, exactly as the client wrote it
 * @throws OAuthError `invalid_client`, to be shown as a page at the authorization endpoint: the address, the
 *   fetch or the document does not do
 */
export async function documentClient(ctx: Context, url: string): Promise<ClientRecord> {
  const { tenant, trace } = ctx;
  check(trace, documentAddress, { url, origin: tenant.origin });
  const read = await readDocument(ctx, url);
  const patch = tenant.config['cimd.patch'];
  const patched = Object.keys(patch).length > 0;
  if (patched) trace.set({ acted: { kind: 'knob', name: 'cimd.patch' } });
  const document = withoutNulls(patched ? mergePatch(read, patch) : read);
  check(trace, documentValid, { document, origin: tenant.origin, isPublic: tenant.isPublic });
  const metadata = document as Record<string, unknown> & { client_id: string; redirect_uris: string[] };
  leaveOutUnoffered(ctx, metadata);
  check(trace, documentNamesItself, { url, named: metadata.client_id });
  const method = (metadata.token_endpoint_auth_method as string | undefined) ?? 'none';
  return {
    clientId: url,
    source: 'document',
    metadata: {
      ...metadata,
      grant_types: (metadata.grant_types as string[] | undefined) ?? ['authorization_code'],
      response_types: (metadata.response_types as string[] | undefined) ?? ['code'],
      token_endpoint_auth_method: method,
    },
    authMethods: [method],
    secretHash: null,
    secretExpiresAt: 0,
    registrationTokenHash: null,
    createdAt: tenant.now(),
  };
}

/** A member that is null says as much as one that is left out, as at registration. */
function withoutNulls(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
}

/**
 * A document speaks to many servers. What it wants of an ID token and this one does not offer falls back to the
 * default; the record says so.
 */
function leaveOutUnoffered({ tenant, trace }: Context, metadata: Record<string, unknown>): void {
  const asked = metadata.id_token_signed_response_alg;
  const offered = idTokenAlgorithms(tenant);
  if (asked === undefined || offered.includes(asked as string)) return;
  delete metadata.id_token_signed_response_alg;
  note(trace, 'document-unoffered', 'Left out an algorithm that this server does not sign ID tokens with', 'cimd-4.1', {
    expected: offered,
    got: String(asked).slice(0, 60),
  });
}

/** The document, from this site, from memory, or from where it lies. */
async function readDocument(ctx: Context, url: string): Promise<unknown> {
  const { tenant, trace } = ctx;
  const knob = tenant.config['cimd.fetch'];
  if (knob !== 'real') {
    trace.set({ acted: { kind: 'knob', name: 'cimd.fetch' } });
    return pretended(ctx, url, knob);
  }
  if (url === ownDocumentAddress(tenant.origin)) {
    note(trace, 'document-read', 'The document lies on this very site', 'cimd-4.3');
    return ownDocument(tenant.origin);
  }
  if (new URL(url).origin === tenant.origin)
    check(trace, documentRead, { problem: 'There is no client document at this address of this site.' });
  return fromMemory(ctx, url);
}

async function fromMemory(ctx: Context, url: string): Promise<unknown> {
  const { tenant, trace } = ctx;
  const kept = await tenant.store.getClientDocument(url);
  const now = tenant.now();
  // A clock that was set back would keep it for ever.
  if (kept && kept.fetchedAt <= now && now < kept.freshUntil) {
    note(trace, 'document-read', 'The document was read a short while ago, and is still good', 'cimd-4.4', {
      fetched: new Date(kept.fetchedAt).toISOString(),
    });
    return kept.document;
  }
  return fetched(ctx, url, kept);
}

async function fetched(ctx: Context, url: string, kept: ClientDocumentRecord | null): Promise<unknown> {
  const { tenant, trace } = ctx;
  const answer = await guarded(ctx, url, kept?.etag ?? undefined);
  const { store, seconds } = freshness(answer.headers);
  const now = tenant.now();
  const times = { fetchedAt: now, freshUntil: now + seconds * 1000 };
  if (answer.status === 304 && kept) {
    note(trace, 'document-read', 'The document has not changed since', 'cimd-4.4');
    if (store) await tenant.store.putClientDocument({ ...kept, ...times });
    return kept.document;
  }
  const document = parsed(ctx, answer);
  // What is wrong is not kept: the client may be mending it this minute.
  if (store && isPlausible(document, url))
    await tenant.store.putClientDocument({
      url,
      document,
      ...times,
      etag: answer.headers.get('etag')?.slice(0, 500) ?? null,
    });
  return document;
}

type Answer = Awaited<ReturnType<Context['tenant']['fetch']>>;

/**
 * Goes there, if the guard lets it. Whatever goes wrong is told in one sentence, so that nobody can map a network by
 * it.
 */
async function guarded(ctx: Context, url: string, etag: string | undefined): Promise<Answer> {
  const { tenant, trace } = ctx;
  const target = new URL(url);
  if (tenant.config['cimd.guard'] === 'none-simulated' && leadsInside(target)) {
    trace.set({ acted: { kind: 'knob', name: 'cimd.guard' } });
    const { status, type, body } = simulatedAnswer(target);
    note(trace, 'document-outside', 'Nothing was checked: it went there', 'cimd-6.5', { asked: false, status, body });
    return {
      status,
      headers: new Headers({ 'content-type': type, 'cache-control': 'no-store' }),
      body: new TextEncoder().encode(body),
    };
  }
  const outcome = isInvented(target) ? 'inside' : await fetchDocument(ctx, url, etag);
  check(trace, documentOutside, { inside: outcome === 'inside', here: isLoopbackHost(bareHost(target.hostname)) });
  if (typeof outcome === 'string' || outcome instanceof Error) {
    const evidence = { problem: isFetchRefused(outcome) ? outcome.kind : 'unreachable' };
    check(trace, documentRead, { problem: 'The document could not be fetched from the address.', evidence });
  }
  return outcome as Answer;
}

/** @returns `inside` if the address leads into an inner network, what went wrong, or the answer */
async function fetchDocument(
  { tenant, remoteAddress }: Context,
  url: string,
  etag: string | undefined,
): Promise<unknown> {
  try {
    return await tenant.fetch(url, {
      maxBytes: CLIENT_DOCUMENT_KIB * 1024,
      accept: 'application/json',
      requester: addressKey(remoteAddress),
      ...(etag === undefined ? {} : { etag }),
    });
  } catch (error) {
    if (isFetchRefused(error) && error.kind === 'address') return 'inside';
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parsed({ trace }: Context, answer: Answer): Record<string, unknown> {
  check(trace, documentRead, {
    problem: answer.status === 200 ? null : 'The address did not answer with 200.',
    evidence: { expected: 200, got: answer.status, bytes: answer.body.length },
  });
  const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const isJson = type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
  const document = isJson ? jsonOf(answer.body) : undefined;
  const simulated = trace.facts.acted?.name === 'cimd.guard';
  check(trace, documentJson, {
    document,
    type,
    ...(simulated ? { told: new TextDecoder().decode(answer.body).slice(0, 200) } : {}),
  });
  return document as Record<string, unknown>;
}

/** Undefined if it is not JSON in UTF-8. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Whether a document is worth keeping: it is one, and it is about this address. */
function isPlausible(document: unknown, url: string): document is Record<string, unknown> {
  return typeof document === 'object' && document !== null && (document as { client_id?: unknown }).client_id === url;
}

/** What a sandbox can pretend of the fetch (`cimd.fetch`). */
function pretended(
  ctx: Context,
  url: string,
  knob: 'assume' | 'unreachable' | 'not-found' | 'invalid-json' | 'wrong-client-id',
): unknown {
  const { trace } = ctx;
  if (knob === 'unreachable')
    check(trace, documentRead, { problem: 'The document could not be fetched from the address.' });
  if (knob === 'not-found') check(trace, documentRead, { problem: 'The address did not answer with 200.' });
  if (knob === 'invalid-json') check(trace, documentJson, { document: undefined, type: 'application/json' });
  const asked = namedRedirectUri(ctx);
  const named = knob === 'wrong-client-id' ? `${url}#another` : url;
  return {
    client_id: named,
    client_name: new URL(url).host,
    redirect_uris: [asked ?? new URL('/', url).href],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  };
}
