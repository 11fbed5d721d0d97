/** Which scenarios the SDK's clients are not taken through here, and which failures of theirs stand. */

/** By scenario: why it is left out. */
export const leftOut: Readonly<Record<string, string>> = {
  'consent-slow': 'The server waits for real time before it answers.',
  'consent-never-returns': 'The consent page never comes to an end, as it should not.',
  'token-endpoint-slow': 'The server waits for real time before it answers.',
  'resource-without-path': 'It needs a sandbox that is alone on its origin: authwalk check runs it.',
  'stream-silent': 'The stream stays open and silent, as it should, and the client waits for real time.',
  'refresh-race': 'The server waits for real time before it answers.',
};

/** Failures that stand, each checked by hand against its clause and against the source of the SDK. */
const PKCE =
  'MCP: a client refuses a server whose metadata lacks code_challenge_methods_supported. The SDK looks at the member ' +
  'only if it is there, and authorizes.';
const TWICE =
  'OAuth 2.1 §4.1.3: a code is used once. After invalid_grant the SDK drops its tokens and sends the same code again.';
const TYPE =
  'OAuth 2.1 §1.4: a client does not use a token of a type that it does not know. The SDK never looks at it.';
const RAW = 'RFC 6749 §2.3.1: identifier and secret are form-encoded for HTTP Basic. The SDK joins them raw.';
const NO_DPOP =
  'The sandbox demands DPoP, and the SDK has none: the extension is optional, and this server is not for it.';

const both = {
  'metadata-no-pkce': { 'discovery.pkce-support-checked': PKCE },
  'code-wrong': { 'token.code-once': TWICE },
  'code-expired': { 'token.code-once': TWICE },
  'token-type-unknown': { 'token.unknown-type-refused': TYPE },
  'secret-special-characters': { 'token.basic-encoding': RAW },
};

/** By client and scenario: the rules that it breaks there, and why that is right. */
export const standing: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  '@modelcontextprotocol/client 2': {
    ...both,
    dpop: { 'dpop.proof-in-token-request': NO_DPOP },
    'dpop-nonce': { 'dpop.proof-in-token-request': NO_DPOP },
    'dpop-nonce-rotates': { 'dpop.proof-in-token-request': NO_DPOP },
  },
  '@modelcontextprotocol/sdk 1': both,
};
