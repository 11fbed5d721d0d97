/**
 * Why a server, or the guide's own client, refuses: stable ids shared by the engine, which throws
 * them, the recorder, which keeps them, and the interface, which explains by them.
 */
import type { ClauseId } from './clauses.ts';

export interface Reason {
  /** Who refuses. */
  readonly at: 'as' | 'mcp' | 'client';
  readonly status?: number;
  readonly error?: string;
  /** How the refusal reaches the client. */
  readonly delivery: 'page' | 'redirect' | 'json' | 'challenge' | 'client';
  /** What happened, in a sentence for a person. */
  readonly says: string;
  readonly clause: ClauseId;
}

export const reasons = {
  "origin-refused": {
    at: "mcp", status: 403, delivery: "json",
    says: "The request came from a page on another origin, or for another host. Nothing further was looked at.",
    clause: "mcp-http-security",
  },
  "token-absent": {
    at: "mcp", status: 401, delivery: "challenge",
    says: "No credentials came along, so there is nothing to find fault with; the answer only says where to get some.",
    clause: "rfc6750-3.1",
  },
  "token-malformed": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "What came after the scheme is not a token of this authorization server.",
    clause: "oauth21-5.3.2",
  },
  "token-signature": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The signature does not fit the contents.",
    clause: "rfc9068-4",
  },
  "token-issuer": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token was issued by a server that this resource does not trust.",
    clause: "rfc9068-4",
  },
  "token-expired": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token was good until its `exp`.",
    clause: "mcp-auth-token-handling",
  },
  "token-revoked": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The grant behind the token has been taken back.",
    clause: "oauth21-5.3.2",
  },
  "token-audience": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token was issued for another resource.",
    clause: "mcp-auth-token-handling",
  },
  "token-binding": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token is bound to a key, and was shown without a proof of that key.",
    clause: "rfc9449-7.2",
  },
  "scope-insufficient": {
    at: "mcp", status: 403, error: "insufficient_scope", delivery: "challenge",
    says: "The token is good, and its scope is too small for this operation.",
    clause: "mcp-auth-scope-challenge",
  },
  "header-mismatch": {
    at: "mcp", status: 400, error: "-32020", delivery: "json",
    says: "A header says one thing and the body another.",
    clause: "mcp-http-validation",
  },
  "resource-proof-missing": {
    at: "mcp", status: 401, error: "invalid_dpop_proof", delivery: "challenge",
    says: "A bound token needs a fresh proof with each request.",
    clause: "rfc9449-7.1",
  },
  "resource-proof-invalid": {
    at: "mcp", status: 401, error: "invalid_dpop_proof", delivery: "challenge",
    says: "The proof is for another method, address, token or moment, or has been seen before.",
    clause: "rfc9449-4.3",
  },
  "resource-proof-nonce": {
    at: "mcp", status: 401, error: "use_dpop_nonce", delivery: "challenge",
    says: "The resource server wants its own nonce in the proof; it is in the answer.",
    clause: "rfc9449-9",
  },
  "metadata-unknown": {
    at: "as", status: 404, delivery: "json",
    says: "Nothing is described at this address.",
    clause: "rfc9728-3.1",
  },
  "method-not-allowed": {
    at: "as", status: 405, delivery: "json",
    says: "The endpoint exists, and does not take this method; `Allow` says which it takes.",
    clause: "rfc9110-15.5.6",
  },
  "content-type": {
    at: "as", status: 415, error: "invalid_request", delivery: "json",
    says: "The body is in a format that this endpoint does not read.",
    clause: "rfc9110-15.5.16",
  },
  "parameter-repeated": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "A parameter came twice, and two readers might take a different one of the two.",
    clause: "oauth21-3.2.2",
  },
  "parameter-missing": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "A parameter that has to be there is not.",
    clause: "oauth21-3.2.4",
  },
  "credentials-twice": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "The client proved itself in two ways at once.",
    clause: "oauth21-3.2.4",
  },
  "scope-not-registered": {
    at: "as", status: 400, error: "invalid_scope", delivery: "json",
    says: "The server knows no such scope, or the client did not register it.",
    clause: "oauth21-3.2.4",
  },
  "request-uri-pushed": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "A pushed request may not be a reference itself.",
    clause: "rfc9126-2.1",
  },
  "pushed-redirect-uri": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "The redirect URI is not one that the client registered.",
    clause: "rfc9126-2.3",
  },
  "push-required": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "This server takes only requests that were pushed.",
    clause: "rfc9126-5",
  },
  "logout-redirect": {
    at: "as", status: 400, delivery: "page",
    says: "The address to return to is not one that the client registered.",
    clause: "oidc-logout-3",
  },
  "password-wrong": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "Name and password do not belong together.",
    clause: "oauth21-3.2.4",
  },
  "redirect-uri-fragment": {
    at: "as", status: 400, error: "invalid_redirect_uri", delivery: "json",
    says: "A redirect URI may have no fragment; the answer needs the end of the URL for itself.",
    clause: "rfc7591-3.2.2",
  },
  "redirect-uri-policy": {
    at: "as", status: 400, error: "invalid_redirect_uri", delivery: "json",
    says: "This server does not take such a redirect URI for this kind of application.",
    clause: "mcp-reg-type",
  },
  "client-metadata-invalid": {
    at: "as", status: 400, error: "invalid_client_metadata", delivery: "json",
    says: "One of the members of the registration cannot be met.",
    clause: "rfc7591-3.2.2",
  },
  "client-unknown": {
    at: "as", status: 400, error: "invalid_request", delivery: "page",
    says: "Nobody is registered under this name, so nothing that comes with it can be believed.",
    clause: "oauth21-4.1.2.1",
  },
  "redirect-uri-unregistered": {
    at: "as", status: 400, error: "invalid_request", delivery: "page",
    says: "The address is not one that the client registered, so no answer is sent there.",
    clause: "oauth21-4.1.2.1",
  },
  "redirect-uri-missing": {
    at: "as", status: 400, error: "invalid_request", delivery: "page",
    says: "Several addresses are registered, and the request names none.",
    clause: "oauth21-4.1.1",
  },
  "authorize-parameter-repeated": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "A parameter came twice.",
    clause: "oauth21-4.1.2.1",
  },
  "response-type-unsupported": {
    at: "as", status: 302, error: "unsupported_response_type", delivery: "redirect",
    says: "The only thing to be had from this endpoint is a code.",
    clause: "oauth21-4.1.2.1",
  },
  "challenge-missing": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "Without a challenge a stolen code would be as good as an honest one.",
    clause: "oauth21-4.1.2.1",
  },
  "challenge-method": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "Only `S256` is taken; a method left out means `plain`.",
    clause: "oauth21-4.1.2.1",
  },
  "scope-unknown": {
    at: "as", status: 302, error: "invalid_scope", delivery: "redirect",
    says: "The server knows no such scope.",
    clause: "oauth21-4.1.2.1",
  },
  "resource-unknown": {
    at: "as", status: 302, error: "invalid_target", delivery: "redirect",
    says: "This server issues no tokens for that resource.",
    clause: "rfc8707-2",
  },
  "challenge-malformed": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "The challenge is not what a SHA-256 in base64url looks like, so no verifier could ever fit it.",
    clause: "rfc7636-4.2",
  },
  "response-mode-unsupported": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "The answer comes in the query of the redirect URI, and in no other way.",
    clause: "oidc-core-3.1.2.1",
  },
  "request-object-unsupported": {
    at: "as", status: 302, error: "request_not_supported", delivery: "redirect",
    says: "This server reads no request objects; a request can be pushed instead.",
    clause: "oidc-core-3.1.2.6",
  },
  "authorize-parameter-invalid": {
    at: "as", status: 302, error: "invalid_request", delivery: "redirect",
    says: "A parameter has a value that it cannot have.",
    clause: "oauth21-4.1.2.1",
  },
  "response-type-not-registered": {
    at: "as", status: 302, error: "unauthorized_client", delivery: "redirect",
    says: "The client did not register for authorization codes.",
    clause: "oauth21-4.1.2.1",
  },
  "resource-missing": {
    at: "as", status: 302, error: "invalid_target", delivery: "redirect",
    says: "This server wants to be told for which resource the token will be.",
    clause: "rfc8707-2",
  },
  "resource-refused": {
    at: "as", status: 302, error: "invalid_target", delivery: "redirect",
    says: "This server does not take the parameter `resource` at all.",
    clause: "rfc8707-2",
  },
  "consent-required": {
    at: "as", status: 302, error: "consent_required", delivery: "redirect",
    says: "`prompt=none` forbids a page, and the user has not yet agreed to this.",
    clause: "oidc-core-3.1.2.6",
  },
  "authorize-fails": {
    at: "as", status: 302, error: "server_error", delivery: "redirect",
    says: "This sandbox is set to fail at the authorization endpoint.",
    clause: "oauth21-4.1.2.1",
  },
  "sign-in-failed": {
    at: "as", status: 302, error: "access_denied", delivery: "redirect",
    says: "The user could not be signed in with what the request brought.",
    clause: "oauth21-4.1.2.1",
  },
  "redirect-uri-unsafe": {
    at: "as", status: 400, error: "invalid_request", delivery: "page",
    says: "The address would run in the browser instead of receiving an answer.",
    clause: "oauth21-4.1.2.1",
  },
  "waiting-too-many": {
    at: "as", status: 429, error: "rate_limit_exceeded", delivery: "page",
    says: "As many answers wait in this sandbox as may wait at once.",
    clause: "oauth21-4.1.2.1",
  },
  "guesses-too-many": {
    at: "as", status: 429, error: "rate_limit_exceeded", delivery: "page",
    says: "Too many tries that came to nothing; a code that short is protected by counting them.",
    clause: "rfc8628-5.1",
  },
  "logout-hint": {
    at: "as", status: 400, error: "invalid_request", delivery: "page",
    says: "The ID token that was to say who signs out is not one of this server, or not of this client.",
    clause: "oidc-logout-2",
  },
  "login-required": {
    at: "as", status: 302, error: "login_required", delivery: "redirect",
    says: "`prompt=none` forbids a page, and there is no session to go on.",
    clause: "oidc-core-3.1.2.6",
  },
  "consent-denied": {
    at: "as", status: 302, error: "access_denied", delivery: "redirect",
    says: "The user said no.",
    clause: "oauth21-4.1.2.1",
  },
  "interaction-foreign": {
    at: "as", status: 403, delivery: "page",
    says: "Consent is taken from the server's own page, and this came from another.",
    clause: "oauth21-7.9",
  },
  "interaction-gone": {
    at: "as", status: 400, delivery: "page",
    says: "This visit to the consent page is over.",
    clause: "oauth21-7.9",
  },
  "document-unreachable": {
    at: "as", status: 400, error: "invalid_client", delivery: "page",
    says: "The client's document could not be read, so nobody vouches for the client.",
    clause: "cimd-4.3",
  },
  "document-mismatch": {
    at: "as", status: 400, error: "invalid_client", delivery: "page",
    says: "The document names another address than the one it lies at.",
    clause: "cimd-4.1",
  },
  "document-invalid": {
    at: "as", status: 400, error: "invalid_client", delivery: "page",
    says: "The document is not JSON, or lacks what it must have.",
    clause: "mcp-reg-cimd",
  },
  "document-address": {
    at: "as", status: 400, error: "invalid_client", delivery: "page",
    says: "The address leads into a network that the server will not enter on a stranger's word.",
    clause: "cimd-6.5",
  },
  "request-uri-unknown": {
    at: "as", status: 400, error: "invalid_request_uri", delivery: "page",
    says: "The reference is unknown, used, or too old; the redirect URI is unknown with it.",
    clause: "rfc9126-4",
  },
  "grant-type-unsupported": {
    at: "as", status: 400, error: "unsupported_grant_type", delivery: "json",
    says: "The server does not offer this grant.",
    clause: "oauth21-3.2.4",
  },
  "grant-type-not-registered": {
    at: "as", status: 400, error: "unauthorized_client", delivery: "json",
    says: "The grant exists, and this client did not register for it.",
    clause: "oauth21-3.2.4",
  },
  "client-unidentified": {
    at: "as", status: 401, error: "invalid_client", delivery: "json",
    says: "The request does not say whose it is, or names a client that does not exist.",
    clause: "oauth21-3.2.4",
  },
  "client-credentials-wrong": {
    at: "as", status: 401, error: "invalid_client", delivery: "json",
    says: "The client is known, and did not prove that it is the one.",
    clause: "oauth21-3.2.4",
  },
  "client-assertion-invalid": {
    at: "as", status: 401, error: "invalid_client", delivery: "json",
    says: "The assertion is not from this client, not for this server, or not of this moment.",
    clause: "rfc7523-3",
  },
  "code-unknown": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "No such code was ever issued here.",
    clause: "oauth21-3.2.4",
  },
  "code-other-client": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The code was issued to another client.",
    clause: "oauth21-4.1.3",
  },
  "code-spent": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The code has been redeemed. Since one of the two holders is not the client, the tokens it gave are revoked.",
    clause: "oauth21-7.5.3",
  },
  "code-expired": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The code lived 60 seconds.",
    clause: "oauth21-4.1.2",
  },
  "redirect-uri-differs": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The redirect URI is not the one that the code was sent to.",
    clause: "oauth21-10.2",
  },
  "verifier-missing": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "The code is waiting for the verifier behind its challenge, and none came.",
    clause: "oauth21-4.1.3",
  },
  "verifier-mismatch": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The hash of the verifier is not the challenge.",
    clause: "rfc7636-4.6",
  },
  "resource-outside-grant": {
    at: "as", status: 400, error: "invalid_target", delivery: "json",
    says: "The user consented to another resource than this.",
    clause: "rfc8707-2.2",
  },
  "refresh-unknown": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "No such refresh token was ever issued here.",
    clause: "oauth21-3.2.4",
  },
  "refresh-other-client": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The refresh token belongs to another client.",
    clause: "oauth21-3.2.4",
  },
  "refresh-spent": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The refresh token was used before. One of its two holders is a thief, and the server cannot tell which, so the family ends.",
    clause: "rfc9700-4.14.2",
  },
  "refresh-expired": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The refresh token, or its family, has outlived its time.",
    clause: "oauth21-4.3.3",
  },
  "scope-beyond-grant": {
    at: "as", status: 400, error: "invalid_scope", delivery: "json",
    says: "A refresh can keep or narrow the scope, never widen it.",
    clause: "oauth21-4.3.1",
  },
  "device-pending": {
    at: "as", status: 400, error: "authorization_pending", delivery: "json",
    says: "The user has not answered yet. Ask again after the interval.",
    clause: "rfc8628-3.5",
  },
  "device-too-fast": {
    at: "as", status: 400, error: "slow_down", delivery: "json",
    says: "The device asked too soon. From now on it waits five seconds longer.",
    clause: "rfc8628-3.5",
  },
  "device-denied": {
    at: "as", status: 400, error: "access_denied", delivery: "json",
    says: "The user said no.",
    clause: "rfc8628-3.5",
  },
  "device-expired": {
    at: "as", status: 400, error: "expired_token", delivery: "json",
    says: "The pair of codes is too old. Begin again.",
    clause: "rfc8628-3.5",
  },
  "device-code-unknown": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "No such device code is waiting, or it has been redeemed.",
    clause: "rfc8628-3.5",
  },
  "user-code-unknown": {
    at: "as", status: 400, delivery: "page",
    says: "Nobody is waiting under this code.",
    clause: "rfc8628-3.3",
  },
  "subject-token-invalid": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "The token brought to the exchange is not valid here.",
    clause: "rfc8693-2.2.2",
  },
  "target-not-allowed": {
    at: "as", status: 400, error: "invalid_target", delivery: "json",
    says: "The server issues no tokens for the target that was asked for.",
    clause: "rfc8693-2.2.2",
  },
  "proof-missing": {
    at: "as", status: 400, error: "invalid_dpop_proof", delivery: "json",
    says: "This server wants a proof of a key with each token request.",
    clause: "rfc9449-5",
  },
  "proof-invalid": {
    at: "as", status: 400, error: "invalid_dpop_proof", delivery: "json",
    says: "The proof is for another method, address or moment, or has been seen before.",
    clause: "rfc9449-4.3",
  },
  "proof-key-differs": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The proof is by another key than the one that the grant is bound to.",
    clause: "rfc9449-5",
  },
  "proof-nonce": {
    at: "as", status: 400, error: "use_dpop_nonce", delivery: "json",
    says: "The server wants its own nonce in the proof; it is in the answer.",
    clause: "rfc9449-8",
  },
  "revoke-other-client": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "Only the client that a token was issued to may give it back.",
    clause: "rfc7009-2.1",
  },
  "userinfo-scope": {
    at: "as", status: 403, error: "insufficient_scope", delivery: "challenge",
    says: "The token is good, and does not carry `openid`.",
    clause: "rfc6750-3.1",
  },
  "userinfo-token": {
    at: "as", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token is not one that this endpoint accepts.",
    clause: "rfc6750-3.1",
  },
  "client-resource-mismatch": {
    at: "client", delivery: "client",
    says: "The document describes another resource than the one that was asked for. The client stops.",
    clause: "rfc9728-3.3",
  },
  "client-issuer-mismatch": {
    at: "client", delivery: "client",
    says: "The metadata names another issuer than the address it was fetched for. The client stops.",
    clause: "rfc8414-3.3",
  },
  "client-no-s256": {
    at: "client", delivery: "client",
    says: "The server does not say that it supports PKCE. The client stops.",
    clause: "mcp-sec-code",
  },
  "client-state-mismatch": {
    at: "client", delivery: "client",
    says: "The answer does not belong to a request of this browser. The client drops it.",
    clause: "mcp-sec-redirect",
  },
  "client-iss-mismatch": {
    at: "client", delivery: "client",
    says: "Another server answered than the one that was asked. The code goes nowhere.",
    clause: "mcp-auth-response",
  },
  "client-iss-missing": {
    at: "client", delivery: "client",
    says: "The server promised `iss` and did not send it. The code goes nowhere.",
    clause: "mcp-auth-response",
  },
  "client-id-token-invalid": {
    at: "client", delivery: "client",
    says: "The ID token is not from this issuer, not for this client, or not for this request.",
    clause: "oidc-core-3.1.3.7",
  },
  "request-malformed": {
    at: "as", status: 400, error: "invalid_request", delivery: "json",
    says: "The request cannot be read: its encoding, its characters or its form are broken.",
    clause: "rfc9110-15.5.1",
  },
  "body-too-large": {
    at: "as", status: 413, error: "invalid_request", delivery: "json",
    says: "The body is longer than this server reads.",
    clause: "rfc9110-15.5.14",
  },
  "body-too-slow": {
    at: "as", status: 408, error: "invalid_request", delivery: "json",
    says: "The body did not arrive in time.",
    clause: "rfc9110-15.5.9",
  },
  "path-unknown": {
    at: "as", status: 404, error: "not_found", delivery: "json",
    says: "Nothing lives at this address.",
    clause: "rfc9110-15.5.5",
  },
  "sandbox-unknown": {
    at: "as", status: 404, error: "not_found", delivery: "json",
    says: "There is no such sandbox, or its time is over.",
    clause: "rfc9110-15.5.5",
  },
  "host-refused": {
    at: "as", status: 421, error: "invalid_request", delivery: "json",
    says: "The request was made to a name that this server does not answer to.",
    clause: "rfc9110-15.5.20",
  },
  "rate-limited": {
    at: "as", status: 429, error: "rate_limit_exceeded", delivery: "json",
    says: "Too many requests came from this address in a short time.",
    clause: "rfc6585-4",
  },
  "control-token": {
    at: "as", status: 401, error: "invalid_token", delivery: "challenge",
    says: "This needs the control token of the sandbox.",
    clause: "rfc9110-15.5.2",
  },
  "server-fault": {
    at: "as", status: 500, error: "server_error", delivery: "json",
    says: "Something broke on the server. It was logged; the request was not at fault.",
    clause: "rfc9110-15.6.1",
  },
  "token-not-yet-valid": {
    at: "mcp", status: 401, error: "invalid_token", delivery: "challenge",
    says: "The token is good from its `nbf` on, which is still to come.",
    clause: "rfc7519-4.1",
  },
  "grant-revoked": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "What the user granted has been taken back, and all that hung on it.",
    clause: "oauth21-3.2.4",
  },
  "redirect-uris-missing": {
    at: "as", status: 400, error: "invalid_redirect_uri", delivery: "json",
    says: "A client that wants codes has to say where they may be sent.",
    clause: "rfc7591-2",
  },
  "registration-token-wrong": {
    at: "as", status: 401, error: "invalid_token", delivery: "challenge",
    says: "A registration is managed with the token that it came with, and with no other.",
    clause: "rfc7592-2",
  },
  "assertion-invalid": {
    at: "as", status: 400, error: "invalid_grant", delivery: "json",
    says: "The assertion is not by an issuer that is trusted here, not for this server, or not of this moment.",
    clause: "rfc7523-3",
  },
} as const satisfies Record<string, Reason>;

export type ReasonId = keyof typeof reasons;

/** The reason with this id, or undefined where there is none. */
export function reason(id: string): Reason | undefined {
  return Object.hasOwn(reasons, id) ? reasons[id as ReasonId] : undefined;
}
