/** What the consent page shows, as plain data: the page only lays it out. */
import type { ClientRecord } from '#lib/store/store.ts';
import { PROVIDER_IDS, PROVIDER_NAMES } from '#lib/spec/sign-in-providers.ts';
import { addresses } from '../addresses.ts';
import { isLoopbackRedirect } from '../checks/redirect-uri.ts';
import type { Tenant } from '../context.ts';
import { sameSecret, sha256 } from '../hash.ts';
import { issuerLabel } from '../issuers.ts';
import { defaultResources } from '../resource.ts';
import { plainLink, plainName } from './display.ts';
import { dataOf, findInteraction, type InteractionData } from './interaction.ts';
import { loginOf, loginSuffices } from './session.ts';
import { mayMisbehave } from './misbehaviour.ts';
import { type ResourceWords, resourceWords, type ScopeWords, scopeWords } from './words.ts';

export interface ConsentView {
  readonly interaction: string;
  /** Where the form goes, by POST: `interaction`, `action`, `scope` for each box, `email`, `password`, `misbehave`. */
  readonly action: string;
  readonly issuer: string;
  readonly sandboxId: string;
  /** Whether to say that this is a test server and that no real password belongs here. */
  readonly isPublic: boolean;
  readonly client: ClientView;
  readonly redirect: RedirectView;
  readonly resources: readonly ResourceWords[];
  /** Further audiences, absolute URIs. */
  readonly audiences: readonly string[];
  readonly scopes: readonly ScopeWords[];
  /** The user that `action=auto` makes up. */
  readonly invention: { readonly handle: string; readonly email: string };
  /** Who is signed in with this browser and can go on by `action=continue`; null: nobody, or not recently enough. */
  readonly login: { readonly name: string; readonly email: string | null; readonly temporary: boolean } | null;
  /** Providers that can say who the user is, and where the way to each begins. */
  readonly providers: readonly { readonly name: string; readonly href: string }[];
  /** What to put into the field for the address: what was typed before, else `login_hint`. */
  readonly email: string;
  /** The sign-in that has just failed. */
  readonly failed: {
    readonly problem: 'credentials' | 'password';
    readonly says: string;
    readonly times: number;
  } | null;
  /** Whether the row of misbehaviours is offered: values of `misbehave` with their words. */
  readonly misbehaviours: readonly { readonly value: string; readonly says: string }[];
  /** Whether the page may be framed by its own origin (`consent.framing`). */
  readonly framing: 'deny' | 'allow';
  /** Whether this sandbox never lets the page come to an end. */
  readonly silent: boolean;
}

export interface ClientView {
  readonly clientId: string;
  /** As it calls itself, made fit to show; its identifier if it has no name. */
  readonly name: string;
  readonly known: 'preregistered' | 'dynamic' | 'document';
  /** How it is known, in a sentence. */
  readonly says: string;
  /** Host of its metadata document; null if there is none. */
  readonly documentHost: string | null;
  /** No secret: anyone can claim to be it. */
  readonly public: boolean;
  /** Links that it gave, https only. */
  readonly links: readonly { readonly rel: 'client_uri' | 'policy_uri' | 'tos_uri'; readonly href: string }[];
}

export interface RedirectView {
  readonly uri: string;
  /** Host without port; of a private-use scheme the scheme with its colon. */
  readonly host: string;
  /** `:33418` or empty. */
  readonly port: string;
  readonly path: string;
  readonly kind: 'loopback' | 'web' | 'app';
  readonly warning: {
    readonly id: 'loopback' | 'other-host' | 'app' | 'insecure';
    readonly head: string;
    readonly says: string;
  } | null;
  /** False in the lab in which the page does not say where the answer goes (`consent.redirectNotice`). */
  readonly shown: boolean;
}

/**
 * What to show for one interaction.
 *
 * @param browserId the value of the browser's cookie, null if it has none
 * @returns `gone` if the visit is over or was never there, `foreign` if it is another browser's
 */
export async function consentView(
  tenant: Tenant,
  interactionId: string,
  browserId: string | null,
): Promise<ConsentView | { gone: true } | { foreign: true }> {
  const record = await findInteraction(tenant, interactionId);
  if (record === null) return { gone: true };
  if (browserId === null || !sameSecret(sha256(browserId), record.browserHash)) return { foreign: true };
  const data = dataOf(record);
  const { authorization: request, client } = data;
  const login = await loginOf(tenant, browserId);
  const shownClient = viewClient(client);
  return {
    interaction: record.id,
    action: addresses(tenant).authorization,
    issuer: tenant.issuer,
    sandboxId: tenant.sandboxId,
    isPublic: tenant.isPublic,
    client: shownClient,
    redirect: {
      ...viewRedirect(tenant, request.redirectUri, shownClient, client),
      shown: tenant.config['consent.redirectNotice'] === 'shown',
    },
    resources: (request.resource.length > 0 ? request.resource : defaultResources(tenant)).map((uri) =>
      resourceWords(tenant, uri),
    ),
    audiences: request.audience,
    scopes: request.scope.map(scopeWords),
    invention: { handle: data.invention.handle, email: data.invention.email },
    login:
      login !== null && loginSuffices(tenant, request, login)
        ? {
            name: plainName(login.user.claims.name) ?? login.user.email ?? login.user.sub,
            email: login.user.email,
            temporary: login.user.temporary,
          }
        : null,
    providers:
      issuerLabel(tenant) === 'own'
        ? PROVIDER_IDS.map((id) => ({
            name: PROVIDER_NAMES[id],
            href: `${tenant.base}/auth/login/${id}?interaction=${record.id}`,
          }))
        : [],
    email: data.failed?.email ?? request.loginHint ?? '',
    failed: viewFailure(data),
    misbehaviours: mayMisbehave(tenant) ? MISBEHAVIOURS : [],
    framing: tenant.config['consent.framing'],
    silent: data.silent ?? false,
  };
}

const MISBEHAVIOURS = [
  { value: 'wrong-code', says: 'wrong code' },
  { value: 'wrong-state', says: 'wrong state' },
  { value: 'wrong-iss', says: 'wrong iss' },
  { value: 'no-iss', says: 'no iss' },
  { value: 'late', says: 'answer 30 s late' },
] as const;

const KNOWN: Readonly<Record<ClientRecord['source'], string>> = {
  preregistered: 'The operator of this server registered it beforehand.',
  dynamic: 'It registered itself, and chose its own name. Nobody has checked who runs it.',
  document: '',
};

function viewClient(client: ClientRecord): ClientView {
  const { metadata } = client;
  const documentHost =
    client.source === 'document' && URL.canParse(client.clientId) ? new URL(client.clientId).host : null;
  const links = (['client_uri', 'policy_uri', 'tos_uri'] as const).flatMap((rel) => {
    const href = plainLink(metadata[rel]);
    return href === null ? [] : [{ rel, href }];
  });
  return {
    clientId: client.clientId,
    name: plainName(metadata.client_name) ?? client.clientId.slice(0, 80),
    known: client.source,
    says:
      documentHost === null
        ? KNOWN[client.source]
        : `Its name and address come from its own document at ${documentHost}. Nobody has checked who runs it.`,
    documentHost,
    public: client.authMethods.every((method) => method === 'none'),
    links,
  };
}

function viewRedirect(
  { allowedHosts }: Tenant,
  uri: string,
  client: ClientView,
  record: ClientRecord,
): Omit<RedirectView, 'shown'> {
  const url = new URL(uri);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  const kind = isLoopbackRedirect(uri, allowedHosts) ? 'loopback' : web ? 'web' : 'app';
  return {
    uri,
    kind,
    host: web ? url.hostname : url.protocol,
    port: url.port === '' ? '' : `:${url.port}`,
    path: web ? url.pathname + url.search : uri.slice(url.protocol.length),
    warning: warningFor(url, kind, client, record),
  };
}

/**
 * What to say of the address: the one line of the page that matters.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization MCP: the redirect host is
 *   shown, with a warning if it is localhost only
 */
function warningFor(
  url: URL,
  kind: RedirectView['kind'],
  client: ClientView,
  record: ClientRecord,
): RedirectView['warning'] {
  if (kind === 'loopback') {
    const listens = url.port === '' ? 'Whatever listens there' : `Whatever listens on port ${url.port}`;
    const not = client.documentHost === null ? '' : `, not ${client.documentHost}`;
    return {
      id: 'loopback',
      head: 'A program on this computer',
      says: `${not}. ${listens} gets the answer. Approve only if you started ${client.name} yourself a moment ago.`,
    };
  }
  if (kind === 'app')
    return {
      id: 'app',
      head: 'An app on this device',
      says:
        `, whichever has taken ${url.protocol} for itself. Approve only if you started ${client.name} ` +
        'yourself a moment ago.',
    };
  const uri = plainLink(record.metadata.client_uri);
  const home = client.documentHost ?? (uri === null ? null : new URL(uri).host);
  if (home !== null && home !== url.host)
    return {
      id: 'other-host',
      head: 'Another site',
      says: ` than ${home}, from which ${client.name} says that it comes. The owner of ${url.host} gets the answer.`,
    };
  return url.protocol === 'http:'
    ? { id: 'insecure', head: 'Without encryption', says: '. Everyone on the way can read the answer.' }
    : null;
}

function viewFailure({ failed }: InteractionData): ConsentView['failed'] {
  if (!failed) return null;
  const says =
    failed.problem === 'password'
      ? 'This address is known here, with another password. Nothing was granted.'
      : 'An email address and a password are needed. Nothing was granted.';
  return { problem: failed.problem, says, times: failed.times };
}
