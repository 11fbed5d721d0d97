/** What to do next, where a request ends in a page instead of an answer. */
import { CLIENT_DOCUMENT_KIB } from '#lib/spec/limits.ts';
import { DEFAULT_TTL, lifeInWords } from '#lib/spec/lifetimes.ts';
import type { ReasonId } from '#lib/spec/reasons.ts';

const advice: Partial<Record<ReasonId, string>> = {
  'client-unknown':
    'If you wrote the client: register it first (POST /oauth/register), and send the client_id that ' +
    'comes back. A registration belongs to one issuer; one made at another address, or in another ' +
    'sandbox, is unknown here.',
  'redirect-uri-unregistered':
    'If you wrote the client: compare the redirect_uri with the registered ones, letter by letter, the ' +
    'slash at the end included. Only the port of a loopback address may differ.',
  'redirect-uri-missing': 'If you wrote the client: send redirect_uri with the request, or register only one.',
  'redirect-uri-unsafe': 'If you wrote the client: register an https, loopback or private-use address.',
  'authorize-parameter-repeated':
    'If you wrote the client: send client_id, redirect_uri and request_uri once each. Which of two ' +
    'counts must not be a matter of who reads.',
  'request-uri-unknown': 'A pushed request is good once, and for a minute. Go back to the client and begin again.',
  'interaction-gone':
    'Go back to the client and look at what it says: the first answer holds. To try again, begin from there.',
  'interaction-foreign':
    'Open the consent page in this browser, with cookies on, and decide there. If you did not start ' +
    'this, close the page: nothing was granted.',
  'upstream-state': 'Go back and begin the sign-in again. Each answer of a provider counts once.',
  'upstream-browser':
    'Begin the sign-in in this browser, with cookies on. If somebody sent you this link, close the page: it would ' +
    'have signed you in as them.',
  'upstream-refused':
    'Go back to the page that sent you and choose another way, or try again. If you run this server: its log and the ' +
    'record of the sandbox say what did not hold.',
  'document-unreachable':
    'If you wrote the client: its client_id is an address that has to answer with JSON, without a redirect, within ' +
    `five seconds and ${CLIENT_DOCUMENT_KIB} KiB.`,
  'document-mismatch':
    'If you wrote the client: the member client_id of the document must be the exact address of the document.',
  'document-invalid':
    'If you wrote the client: the document is a JSON object with client_id and redirect_uris, without a ' +
    'secret; its address has a path.',
  'document-address':
    'If you wrote the client: put the document on a public https server. A local one is read only by a ' +
    'server that is local itself.',
  'logout-redirect':
    'If you wrote the client: register the address in post_logout_redirect_uris, and send it letter by letter.',
  'logout-hint':
    'If you wrote the client: send the ID token that this server gave to this client, or leave it out; ' +
    'the user is then asked.',
  'method-not-allowed':
    'Nothing is broken: a browser that opens an address sends GET. A client sends what stands in the reference, and ' +
    'you can send it from there. To watch a client do it, take the guide.',
  'path-unknown':
    'Compare the address with those that the metadata names, letter by letter. Addresses of the protocol have no ' +
    'slash at the end.',
  'metadata-unknown':
    'The well-known part stands between host and path: `/.well-known/oauth-authorization-server/s/…`. For OpenID ' +
    'Connect alone it may follow the path.',
  'sandbox-unknown':
    `A sandbox is deleted ${lifeInWords(DEFAULT_TTL)} after its last use, unless its maker chose another time. ` +
    'Make another, and give its address to the client.',
  'user-code-unknown':
    'Look at the device and type the code as it stands there. If it has run out, let the device begin again.',
  'guesses-too-many': 'Wait a few minutes, then type the code as the device shows it.',
  'waiting-too-many': 'Wait half a minute and try again.',
};

/** What to do next. */
export function adviceFor(reason: ReasonId): string {
  return (
    advice[reason] ??
    'Go back to the client and begin again. If it happens again, the reference says what the server expects.'
  );
}
