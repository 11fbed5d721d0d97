/**
 * Every clause that anything here cites: one place, one id (document and number), one link. Each number was looked
 * up in the text, or in public material that cites it for the same point.
 * An id is never reused or given another meaning.
 */
export interface Clause {
  /** As it is printed: "RFC 7636 §4.2". */
  readonly label: string;
  readonly doc: string;
  readonly section?: string;
  readonly title: string;
  readonly url: string;
}

interface Document {
  /** How a clause of it is cited: "RFC 7636". */
  readonly short: string;
  readonly title: string;
  readonly url: string;
  /** Whether an address may end in `#section-…`. */
  readonly anchors?: boolean;
}

/** A document whose sections have numbers. */
function numbered({ short, title: doc, url, anchors = true }: Document) {
  return (section: string, title: string): Clause => ({
    label: `${short} §${section}`,
    doc,
    section,
    title,
    url: anchors ? `${url}#section-${section}` : url,
  });
}

function rfc(number: number, title: string) {
  const short = `RFC ${number}`;
  return numbered({ short, title: `${short}, ${title}`, url: `https://www.rfc-editor.org/rfc/rfc${number}.html` });
}

/** A page of the Model Context Protocol. Its sections have titles, and the anchor is made of the title. */
function titled(short: string, page: string, path: string) {
  const url = `https://modelcontextprotocol.io/${path}`;
  const anchorOf = (title: string) => title.toLowerCase().replaceAll(/[()]/g, '').replaceAll(' ', '-');
  return (title: string, anchor: string | null = anchorOf(title)): Clause => ({
    label: `${short}, ${title}`,
    doc: `MCP 2026-07-28, ${page}`,
    title,
    url: anchor === null ? url : `${url}#${anchor}`,
  });
}

const DRAFTS = 'https://datatracker.ietf.org/doc/html';
const oauth21 = numbered({
  short: 'OAuth 2.1',
  title: 'OAuth 2.1, draft 13',
  url: `${DRAFTS}/draft-ietf-oauth-v2-1-13`,
});
const cimd = numbered({
  short: 'Client ID document',
  title: 'OAuth Client ID Metadata Document, draft 00',
  url: `${DRAFTS}/draft-ietf-oauth-client-id-metadata-document-00`,
});

const MCP = 'MCP 2026-07-28';
const mcpPage = (title: string, path: string) => titled(MCP, title, `specification/2026-07-28/basic/${path}`);
const mcpAuth = mcpPage('Authorization', 'authorization');
const mcpDiscovery = mcpPage('Authorization Server Discovery', 'authorization/authorization-server-discovery');
const mcpRegistration = mcpPage('Client Registration', 'authorization/client-registration');
const mcpSecurity = mcpPage('Security Considerations', 'authorization/security-considerations');
const mcpHttp = mcpPage('Streamable HTTP', 'transports/streamable-http');
const mcpPractices = titled(
  'MCP best practices',
  'Security Best Practices',
  'docs/2026-07-28/tutorials/security/security_best_practices',
);

const rfc3986 = rfc(3986, 'URI: Generic Syntax');
const rfc6585 = rfc(6585, 'Additional HTTP Status Codes');
const rfc6749 = rfc(6749, 'The OAuth 2.0 Authorization Framework');
const rfc6750 = rfc(6750, 'Bearer Token Usage');
const rfc6819 = rfc(6819, 'OAuth 2.0 Threat Model and Security Considerations');
const rfc7009 = rfc(7009, 'Token Revocation');
const rfc7519 = rfc(7519, 'JSON Web Token');
const rfc7523 = rfc(7523, 'JWT Profile for Client Authentication and Grants');
const rfc7591 = rfc(7591, 'Dynamic Client Registration');
const rfc7592 = rfc(7592, 'Dynamic Client Registration Management');
const rfc7636 = rfc(7636, 'Proof Key for Code Exchange');
const rfc7662 = rfc(7662, 'Token Introspection');
const rfc8252 = rfc(8252, 'OAuth 2.0 for Native Apps');
const rfc8414 = rfc(8414, 'Authorization Server Metadata');
const rfc8628 = rfc(8628, 'Device Authorization Grant');
const rfc8693 = rfc(8693, 'Token Exchange');
const rfc8707 = rfc(8707, 'Resource Indicators');
const rfc8725 = rfc(8725, 'JSON Web Token Best Current Practices');
const rfc9068 = rfc(9068, 'JWT Profile for Access Tokens');
const rfc9110 = rfc(9110, 'HTTP Semantics');
const rfc9126 = rfc(9126, 'Pushed Authorization Requests');
const rfc9207 = rfc(9207, 'Authorization Server Issuer Identification');
const rfc9449 = rfc(9449, 'Demonstrating Proof of Possession');
const rfc9700 = rfc(9700, 'Best Current Practice for OAuth 2.0 Security');
const rfc9728 = rfc(9728, 'Protected Resource Metadata');
/** Its clauses were cited as those of its draft; section numbers are the same. */
const browserApps = rfc(10017, 'OAuth 2.0 for Browser-Based Applications');

const openid = (short: string, title: string, file: string) =>
  numbered({
    short: `OpenID ${short}`,
    title: `OpenID Connect ${title} 1.0`,
    url: `https://openid.net/specs/openid-connect-${file}-1_0.html`,
    anchors: false,
  });
const oidcCore = openid('Core', 'Core', 'core');
const oidcDiscovery = openid('Discovery', 'Discovery', 'discovery');
const oidcRegistration = openid('Registration', 'Dynamic Client Registration', 'registration');
const oidcLogout = openid('Logout', 'RP-Initiated Logout', 'rpinitiated');

export const clauses = {
  'oauth21-1.5': oauth21('1.5', 'Communication security'),
  'oauth21-2.3.1': oauth21('2.3.1', 'Registration Requirements'),
  'oauth21-2.3.3': oauth21('2.3.3', 'Preventing CSRF Attacks'),
  'oauth21-2.4': oauth21('2.4', 'Client Authentication'),
  'oauth21-2.4.1': oauth21('2.4.1', 'Client Secret'),
  'oauth21-3.2.2': oauth21('3.2.2', 'Token Request'),
  'oauth21-3.2.3': oauth21('3.2.3', 'Token Response'),
  'oauth21-3.2.4': oauth21('3.2.4', 'Error Response'),
  'oauth21-4.1.1': oauth21('4.1.1', 'Authorization Request'),
  'oauth21-4.1.2': oauth21('4.1.2', 'Authorization Response'),
  'oauth21-4.1.2.1': oauth21('4.1.2.1', 'Error Response'),
  'oauth21-4.1.3': oauth21('4.1.3', 'Token Endpoint Extension'),
  'oauth21-4.2': oauth21('4.2', 'Client Credentials Grant'),
  'oauth21-4.2.1': oauth21('4.2.1', 'Token Endpoint Extension'),
  'oauth21-4.3': oauth21('4.3', 'Refresh Token Grant'),
  'oauth21-4.3.1': oauth21('4.3.1', 'Token Endpoint Extension'),
  'oauth21-4.3.2': oauth21('4.3.2', 'Refresh Token Response'),
  'oauth21-4.3.3': oauth21('4.3.3', 'Refresh Token Recommendations'),
  'oauth21-5.1.1': oauth21('5.1.1', 'Authorization Request Header Field'),
  'oauth21-5.2': oauth21('5.2', 'Access Token Validation'),
  'oauth21-5.3.2': oauth21('5.3.2', 'Error Codes'),
  'oauth21-7.1.3.7': oauth21('7.1.3.7', "Don't pass bearer tokens in page URLs"),
  'oauth21-7.5.2': oauth21('7.5.2', 'Countermeasures'),
  'oauth21-7.5.3': oauth21('7.5.3', 'Reuse of Authorization Codes'),
  'oauth21-7.9': oauth21('7.9', 'Cross-Site Request Forgery'),
  'oauth21-7.10': oauth21('7.10', 'Clickjacking'),
  'oauth21-7.12.1': oauth21('7.12.1', 'Client as Open Redirector'),
  'oauth21-7.12.2': oauth21('7.12.2', 'Authorization Server as Open Redirector'),
  'oauth21-7.14.1': oauth21('7.14.1', 'Mix-Up Defense via Issuer Identification'),
  'oauth21-10.1': oauth21('10.1', 'Removal of the OAuth 2.0 Implicit grant'),
  'oauth21-10.2': oauth21('10.2', 'Redirect URI Parameter in Token Request'),

  'cimd-3': cimd('3', 'Client Identifier'),
  'cimd-4.1': cimd('4.1', 'Client Metadata'),
  'cimd-4.3': cimd('4.3', 'Metadata Discovery Errors'),
  'cimd-4.4': cimd('4.4', 'Metadata Caching'),
  'cimd-4.5': cimd('4.5', 'Redirect URL Registration'),
  'cimd-6.1': cimd('6.1', 'Relationship between redirect_uris and client_id'),
  'cimd-6.2': cimd('6.2', 'Client Authentication'),
  'cimd-6.5': cimd('6.5', 'Server Side Request Forgery (SSRF) Attacks'),
  'cimd-6.6': cimd('6.6', 'Maximum Response Size for Client Metadata Documents'),

  'mcp-auth-overview': mcpAuth('Overview'),
  'mcp-auth-scope-selection': mcpAuth('Scope Selection Strategy'),
  'mcp-auth-response': mcpAuth('Authorization Response Validation'),
  'mcp-auth-resource': mcpAuth('Resource Parameter Implementation'),
  'mcp-auth-token-requirements': mcpAuth('Token Requirements'),
  'mcp-auth-token-handling': mcpAuth('Token Handling'),
  'mcp-auth-refresh': mcpAuth('Refresh Tokens'),
  'mcp-auth-errors': mcpAuth('Error Handling'),
  'mcp-auth-scope-challenge': mcpAuth('Scope Challenge Handling'),
  'mcp-auth-step-up': mcpAuth('Step-Up Authorization Flow'),

  'mcp-disc-prm': mcpDiscovery('Protected Resource Metadata Discovery Requirements'),
  'mcp-disc-as': mcpDiscovery('Authorization Server Metadata Discovery'),

  'mcp-reg-order': mcpRegistration('Client Registration', null),
  'mcp-reg-cimd': mcpRegistration('Client ID Metadata Documents'),
  'mcp-reg-type': mcpRegistration('Application Type and Redirect URI Constraints'),
  'mcp-reg-binding': mcpRegistration('Authorization Server Binding'),

  'mcp-sec-theft': mcpSecurity('Token Theft'),
  'mcp-sec-code': mcpSecurity('Authorization Code Protection'),
  'mcp-sec-redirect': mcpSecurity('Open Redirection'),
  'mcp-sec-cimd': mcpSecurity('Client ID Metadata Document Security'),
  'mcp-sec-deputy': mcpSecurity('Confused Deputy Problem'),
  'mcp-sec-privilege': mcpSecurity('Access Token Privilege Restriction'),

  'mcp-http-security': mcpHttp('Security & Endpoint', 'security-%26-endpoint'),
  'mcp-http-headers': mcpHttp('Standard Request Headers'),
  'mcp-http-version': mcpHttp('Protocol Version Header'),
  'mcp-http-validation': mcpHttp('Server Validation'),

  'mcp-bp-mixup': mcpPractices('Mix-Up Attacks'),
  'mcp-bp-ssrf': mcpPractices('Server-Side Request Forgery (SSRF)'),
  'mcp-bp-localhost': mcpPractices('Localhost Redirect URI Impersonation'),
  'mcp-bp-passthrough': mcpPractices('Token Passthrough'),
  'mcp-bp-scope': mcpPractices('Scope Minimization'),

  'rfc3986-6.2.1': rfc3986('6.2.1', 'Simple String Comparison'),

  'rfc6749-2.2': rfc6749('2.2', 'Client Identifier'),
  'rfc6749-3.1.1': rfc6749('3.1.1', 'Response Type'),
  'rfc6749-3.1.2': rfc6749('3.1.2', 'Redirection Endpoint'),
  'rfc6749-3.3': rfc6749('3.3', 'Access Token Scope'),
  'rfc6749-4.3': rfc6749('4.3', 'Resource Owner Password Credentials Grant'),
  'rfc6749-5.1': rfc6749('5.1', 'Successful Response'),
  'rfc6749-6': rfc6749('6', 'Refreshing an Access Token'),
  'rfc6749-10.12': rfc6749('10.12', 'Cross-Site Request Forgery'),

  'rfc6819-5.1.4.1.3': rfc6819('5.1.4.1.3', 'No Cleartext Storage of Credentials'),

  'rfc6750-3.1': rfc6750('3.1', 'Error Codes'),

  'rfc7009-2': rfc7009('2', 'Token Revocation'),
  'rfc7009-2.1': rfc7009('2.1', 'Revocation Request'),
  'rfc7009-2.2': rfc7009('2.2', 'Revocation Response'),

  'rfc7519-4.1': rfc7519('4.1', 'Registered Claim Names'),

  'rfc7523-2.1': rfc7523('2.1', 'Using JWTs as Authorization Grants'),
  'rfc7523-2.2': rfc7523('2.2', 'Using JWTs for Client Authentication'),
  'rfc7523-3': rfc7523('3', 'JWT Format and Processing Requirements'),

  'rfc7591-2': rfc7591('2', 'Client Metadata'),
  'rfc7591-3.1': rfc7591('3.1', 'Client Registration Request'),
  'rfc7591-3.2.1': rfc7591('3.2.1', 'Client Information Response'),
  'rfc7591-3.2.2': rfc7591('3.2.2', 'Client Registration Error Response'),

  'rfc7592-2': rfc7592('2', 'Client Configuration Endpoint'),

  'rfc7636-1': rfc7636('1', 'Introduction'),
  'rfc7636-4.1': rfc7636('4.1', 'Client Creates a Code Verifier'),
  'rfc7636-4.2': rfc7636('4.2', 'Client Creates the Code Challenge'),
  'rfc7636-4.3': rfc7636('4.3', 'Client Sends the Code Challenge'),
  'rfc7636-4.5': rfc7636('4.5', 'Client Sends the Code Verifier'),
  'rfc7636-4.6': rfc7636('4.6', 'Server Verifies code_verifier'),

  'rfc7662-2.1': rfc7662('2.1', 'Introspection Request'),
  'rfc7662-2.2': rfc7662('2.2', 'Introspection Response'),

  'rfc8252-8.6': rfc8252('8.6', 'Client Impersonation'),

  'rfc8414-2': rfc8414('2', 'Authorization Server Metadata'),
  'rfc8414-3.1': rfc8414('3.1', 'Authorization Server Metadata Request'),
  'rfc8414-3.3': rfc8414('3.3', 'Authorization Server Metadata Validation'),

  'rfc8628-3.1': rfc8628('3.1', 'Device Authorization Request'),
  'rfc8628-3.2': rfc8628('3.2', 'Device Authorization Response'),
  'rfc8628-3.3': rfc8628('3.3', 'User Interaction'),
  'rfc8628-3.4': rfc8628('3.4', 'Device Access Token Request'),
  'rfc8628-3.5': rfc8628('3.5', 'Device Access Token Response'),
  'rfc8628-5.1': rfc8628('5.1', 'User Code Brute Forcing'),

  'rfc8693-1.1': rfc8693('1.1', 'Delegation vs. Impersonation Semantics'),
  'rfc8693-2.1': rfc8693('2.1', 'Request'),
  'rfc8693-2.2.1': rfc8693('2.2.1', 'Successful Response'),
  'rfc8693-2.2.2': rfc8693('2.2.2', 'Error Response'),
  'rfc8693-3': rfc8693('3', 'Token Type Identifiers'),
  'rfc8693-4.1': rfc8693('4.1', '"act" (Actor) Claim'),

  'rfc8707-2': rfc8707('2', 'Resource Parameter'),
  'rfc8707-2.1': rfc8707('2.1', 'Authorization Request'),
  'rfc8707-2.2': rfc8707('2.2', 'Access Token Request'),

  'browser-apps-5.1': browserApps('5.1', 'Attack Scenarios'),
  'browser-apps-6.1': browserApps('6.1', 'Backend For Frontend (BFF)'),

  'rfc8725-3.1': rfc8725('3.1', 'Perform Algorithm Verification'),
  'rfc8725-3.10': rfc8725('3.10', 'Do Not Trust Received Claims'),

  'rfc9068-2.2': rfc9068('2.2', 'Data Structure'),
  'rfc9068-4': rfc9068('4', 'Validating JWT Access Tokens'),

  'rfc9110-11.6.1': rfc9110('11.6.1', 'WWW-Authenticate'),
  'rfc9110-15.5.6': rfc9110('15.5.6', '405 Method Not Allowed'),
  'rfc9110-15.5.16': rfc9110('15.5.16', '415 Unsupported Media Type'),

  'rfc9126-2.1': rfc9126('2.1', 'Request'),
  'rfc9126-2.2': rfc9126('2.2', 'Successful Response'),
  'rfc9126-2.3': rfc9126('2.3', 'Error Response'),
  'rfc9126-4': rfc9126('4', 'Authorization Request'),
  'rfc9126-5': rfc9126('5', 'Authorization Server Metadata'),

  'rfc9207-2': rfc9207('2', 'Response Parameter iss'),
  'rfc9207-2.4': rfc9207('2.4', 'Validating the Issuer Identifier'),

  'rfc9449-4.2': rfc9449('4.2', 'DPoP Proof JWT Syntax'),
  'rfc9449-4.3': rfc9449('4.3', 'Checking DPoP Proofs'),
  'rfc9449-5': rfc9449('5', 'DPoP Access Token Request'),
  'rfc9449-5.1': rfc9449('5.1', 'Authorization Server Metadata'),
  'rfc9449-6.1': rfc9449('6.1', 'JWK Thumbprint Confirmation Method'),
  'rfc9449-7.1': rfc9449('7.1', 'The DPoP Authentication Scheme'),
  'rfc9449-7.2': rfc9449('7.2', 'Compatibility with the Bearer Authentication Scheme'),
  'rfc9449-8': rfc9449('8', 'Authorization Server-Provided Nonce'),
  'rfc9449-9': rfc9449('9', 'Resource Server-Provided Nonce'),
  'rfc9449-11.1': rfc9449('11.1', 'DPoP Proof Replay'),

  'rfc9700-2.1.2': rfc9700('2.1.2', 'Implicit Grant'),
  'rfc9700-2.4': rfc9700('2.4', 'Resource Owner Password Credentials Grant'),
  'rfc9700-4.1.3': rfc9700('4.1.3', 'Countermeasures'),
  'rfc9700-4.2': rfc9700('4.2', 'Credential Leakage via Referer Headers'),
  'rfc9700-4.3': rfc9700('4.3', 'Credential Leakage via Browser History'),
  'rfc9700-4.4': rfc9700('4.4', 'Mix-Up Attacks'),
  'rfc9700-4.4.2.1': rfc9700('4.4.2.1', 'Mix-Up Defense via Issuer Identification'),
  'rfc9700-4.5.3.1': rfc9700('4.5.3.1', 'PKCE'),
  'rfc9700-4.7.1': rfc9700('4.7.1', 'Countermeasures'),
  'rfc9700-4.10.1': rfc9700('4.10.1', 'Sender-Constrained Access Tokens'),
  'rfc9700-4.10.2': rfc9700('4.10.2', 'Audience-Restricted Access Tokens'),
  'rfc9700-4.14.2': rfc9700('4.14.2', 'Recommendations'),
  'rfc9700-4.16': rfc9700('4.16', 'Clickjacking'),

  'rfc9728-2': rfc9728('2', 'Protected Resource Metadata'),
  'rfc9728-3.1': rfc9728('3.1', 'Protected Resource Metadata Request'),
  'rfc9728-3.3': rfc9728('3.3', 'Protected Resource Metadata Validation'),
  'rfc9728-5.1': rfc9728('5.1', 'WWW-Authenticate Response'),
  'rfc9728-7.4': rfc9728('7.4', 'Audience-Restricted Access Tokens'),
  'rfc9728-7.6': rfc9728('7.6', 'Authorization Servers'),

  'oidc-core-2': oidcCore('2', 'ID Token'),
  'oidc-core-3.1.2.1': oidcCore('3.1.2.1', 'Authentication Request'),
  'oidc-core-3.1.2.6': oidcCore('3.1.2.6', 'Authentication Error Response'),
  'oidc-core-3.1.3.7': oidcCore('3.1.3.7', 'ID Token Validation'),
  'oidc-core-5.3': oidcCore('5.3', 'UserInfo Endpoint'),
  'oidc-core-5.3.2': oidcCore('5.3.2', 'Successful UserInfo Response'),
  'oidc-core-5.4': oidcCore('5.4', 'Requesting Claims using Scope Values'),

  'oidc-reg-2': oidcRegistration('2', 'Client Metadata'),

  'oidc-discovery-4': oidcDiscovery('4', 'Obtaining OpenID Provider Configuration Information'),
  'oidc-logout-2': oidcLogout('2', 'RP-Initiated Logout'),
  'oidc-logout-3': oidcLogout('3', 'Redirection to RP After Logout'),

  'rfc9110-15.5.1': rfc9110('15.5.1', '400 Bad Request'),
  'rfc9110-15.5.2': rfc9110('15.5.2', '401 Unauthorized'),
  'rfc9110-15.5.5': rfc9110('15.5.5', '404 Not Found'),
  'rfc9110-15.5.9': rfc9110('15.5.9', '408 Request Timeout'),
  'rfc9110-15.5.14': rfc9110('15.5.14', '413 Content Too Large'),
  'rfc9110-15.5.20': rfc9110('15.5.20', '421 Misdirected Request'),
  'rfc9110-15.6.1': rfc9110('15.6.1', '500 Internal Server Error'),
  'rfc9110-15.6.4': rfc9110('15.6.4', '503 Service Unavailable'),

  'rfc6585-4': rfc6585('4', '429 Too Many Requests'),
} satisfies Record<string, Clause>;

export type ClauseId = keyof typeof clauses;

/** The clause with this id, or undefined if there is none. */
export function clause(id: string): Clause | undefined {
  return Object.hasOwn(clauses, id) ? clauses[id as ClauseId] : undefined;
}
