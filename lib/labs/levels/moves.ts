/**
 * The moves that a level can allow, by name. Each is one request of a step of the guide, perhaps with other values; two
 * belong to the sandbox's clock.
 */
import type { Party, Parameter } from '#lib/guide/types.ts';

export interface MoveSource {
  readonly id: string;
  /** As it stands on its button. */
  readonly title: string;
  /** `track/step`; null for the clock. */
  readonly of: string | null;
  readonly request: string | null;
  readonly from: Party;
  readonly to: Party;
  /** Moves with the same name share a step: an approval belongs to its authorization request. */
  readonly step: string;
  readonly waits: { readonly value: string; readonly says: string } | null;
  /** What it sends instead; see `lib/guide/borrow.ts`. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly url?: string;
  /** The name under which its access token is held. */
  readonly as?: string;
  /** Values that the client makes for it besides. */
  readonly makes?: readonly string[];
  /** Endpoints that it may ask, under the names of the recorder. */
  readonly endpoints: readonly string[];
}

const call = { from: 'client', to: 'mcp', endpoints: ['mcp'] } as const;
const ask = { from: 'client', to: 'as', endpoints: ['token'] } as const;
const token = { value: 'access_token', says: 'waits for a token' } as const;
const endpoints = { value: 'token_endpoint', says: 'waits for the endpoints' } as const;

export const moves: readonly MoveSource[] = [
  {
    ...{ id: 'authorize', title: 'Authorize', of: 'authorization-code/authorization', request: 'authorize' },
    ...{ from: 'you', to: 'as', step: 'authorize', endpoints: ['authorize'] },
    waits: { value: 'client_id', says: 'waits for a client' },
  },
  {
    ...{ id: 'approve', title: 'Approve', of: 'authorization-code/authorization', request: 'consent' },
    ...{ from: 'you', to: 'as', step: 'authorize', endpoints: ['authorize', 'consent'] },
    waits: { value: 'interaction', says: 'after Authorize' },
  },
  {
    ...{ ...ask, id: 'redeem', title: 'Redeem', of: 'authorization-code/token', request: 'token', step: 'redeem' },
    waits: { value: 'code', says: 'waits for a code' },
  },
  {
    ...{ ...ask, id: 'redeem-with-proof', title: 'Redeem, with a proof' },
    ...{ of: 'sender-constrained/token', request: 'token', step: 'redeem-with-proof' },
    waits: { value: 'code', says: 'waits for a code' },
    makes: ['dpop_key', 'dpop_jkt'],
  },
  {
    ...{ ...ask, id: 'refresh', title: 'Refresh', of: 'authorization-code/refresh', request: 'refresh' },
    ...{ step: 'refresh', waits: { value: 'refresh_token', says: 'waits for a refresh token' } },
  },
  {
    ...{ ...ask, id: 'client-token', title: 'Ask in its own name' },
    ...{ of: 'client-credentials/token', request: 'token', step: 'client-token' },
    waits: { value: 'client_secret', says: 'waits for a secret' },
  },
  {
    ...{ ...ask, id: 'actor-token', title: 'Ask in its own name' },
    ...{ of: 'client-credentials/token', request: 'token', step: 'actor-token', as: 'actor_token' },
    waits: { value: 'client_secret', says: 'waits for a secret' },
  },
  {
    ...{ ...ask, id: 'exchange', title: 'Exchange', of: 'token-exchange/exchange', request: 'exchange' },
    ...{ step: 'exchange', with: { subject_token: '{access_token}' } },
    waits: { value: 'client_secret', says: 'waits for a secret' },
  },
  {
    ...{ ...call, id: 'call-without-token', title: 'Call without a token' },
    ...{ of: 'authorization-code/challenge', request: 'call', step: 'call-without-token', waits: null },
  },
  {
    ...{ ...call, id: 'list-notes', title: 'List the notes', of: 'authorization-code/call', request: 'call' },
    ...{ step: 'list-notes', waits: token },
  },
  {
    ...{ ...call, id: 'list-notes-elsewhere', title: 'List them at the other server' },
    ...{ of: 'authorization-code/call', request: 'call', url: '{other_mcp_url}' },
    ...{ step: 'list-notes-elsewhere', waits: token },
  },
  {
    ...{ ...call, id: 'add-note', title: 'Add a note', of: 'step-up/refused', request: 'call', step: 'add-note' },
    waits: token,
  },
  {
    ...{ ...call, id: 'whoami', title: 'Call whoami', of: 'client-credentials/call', request: 'call', step: 'whoami' },
    waits: token,
  },
  {
    ...{ id: 'resource-metadata', title: 'Read the resource metadata', from: 'client', to: 'mcp' },
    ...{ of: 'authorization-code/discovery', request: 'resource-metadata', step: 'discovery' },
    ...{ endpoints: ['prm'], waits: { value: 'resource_metadata_url', says: 'waits for an address' } },
  },
  {
    ...{ id: 'issuer-metadata', title: 'Read the issuer’s metadata', from: 'client', to: 'as' },
    ...{ of: 'authorization-code/discovery', request: 'as-metadata', step: 'discovery', endpoints: ['as-metadata'] },
    waits: { value: 'as_metadata_url', says: 'waits for an issuer' },
  },
  {
    ...{ id: 'register', title: 'Register', of: 'authorization-code/registration', request: 'register' },
    ...{ from: 'client', to: 'as', step: 'register', endpoints: ['register'], waits: endpoints },
  },
  {
    ...{ id: 'register-with-secret', title: 'Register, with a secret', of: 'client-credentials/register' },
    ...{ request: 'register', from: 'client', to: 'as', step: 'register-with-secret' },
    ...{ endpoints: ['register'], waits: endpoints },
  },
  {
    ...{ id: 'revoke', title: 'Revoke', of: 'authorization-code/revoke', request: 'revoke', from: 'client', to: 'as' },
    ...{ step: 'revoke', endpoints: ['revoke'], waits: { value: 'refresh_token', says: 'waits for a refresh token' } },
  },
  {
    ...{ id: 'freeze', title: 'Freeze the clock', of: null, request: null, from: 'you', to: 'you', step: 'clock' },
    ...{ endpoints: [], waits: null },
  },
  {
    ...{ id: 'advance', title: 'Advance the clock', of: null, request: null, from: 'you', to: 'you', step: 'clock' },
    ...{ endpoints: [], waits: null },
  },
];

const byId: ReadonlyMap<string, MoveSource> = new Map(moves.map((one) => [one.id, one]));

/** The move of this name; undefined if there is none. */
export function moveSource(id: string): MoveSource | undefined {
  return byId.get(id);
}

/** Names of all moves. */
export const moveIds: readonly string[] = moves.map(({ id }) => id);

/**
 * What a level can forbid by name, beside what it does not allow: it is then said beside the action, and a request that
 * does it is not sent.
 */
export const FORBIDDEN = ['auto_approve', 'revoke', 'clock', 'control-api'] as const;

const field = { where_from: '', clause: 'mcp-sec-deputy', editable: true, in: 'form' } as const;

/** The consent form as a player fills it in. The server asks for no more. */
export const consentParameters: readonly Parameter[] = [
  {
    ...{ ...field, name: 'scope', value: '{requested_scope}', optional: true, clause: 'rfc6749-3.3' },
    meaning: 'What is ticked. You may grant less than was asked, never more.',
    where_from: 'what was asked for',
  },
  {
    ...{ ...field, name: 'action', value: 'auto', optional: false },
    meaning: '`auto`: a made-up user. `login`: with email and password. `deny`.',
    where_from: 'the button of the page',
  },
  {
    ...{ ...field, name: 'email', value: '', optional: true },
    meaning: 'Who you are, with `login`. An address that is new is kept.',
    where_from: 'not needed for a made-up user',
  },
  {
    ...{ ...field, name: 'password', value: '', optional: true },
    meaning: 'Made up, too: this is a test server.',
    where_from: 'not needed for a made-up user',
  },
];
