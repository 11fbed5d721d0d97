/** The documents whose clauses are cited: each makes a clause of a section, a title and an address. */

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

export const oauth21 = numbered({
  short: 'OAuth 2.1',
  title: 'OAuth 2.1, draft 13',
  url: `${DRAFTS}/draft-ietf-oauth-v2-1-13`,
});

export const cimd = numbered({
  short: 'Client ID document',
  title: 'OAuth Client ID Metadata Document, draft 00',
  url: `${DRAFTS}/draft-ietf-oauth-client-id-metadata-document-00`,
});

export const idJag = numbered({
  short: 'ID-JAG',
  title: 'Identity Assertion JWT Authorization Grant, draft 03',
  url: `${DRAFTS}/draft-ietf-oauth-identity-assertion-authz-grant-03`,
});

const MCP = 'MCP 2026-07-28';

const mcpPage = (title: string, path: string) => titled(MCP, title, `specification/2026-07-28/basic/${path}`);

export const mcpAuth = mcpPage('Authorization', 'authorization');

export const mcpDiscovery = mcpPage('Authorization Server Discovery', 'authorization/authorization-server-discovery');

export const mcpRegistration = mcpPage('Client Registration', 'authorization/client-registration');

export const mcpSecurity = mcpPage('Security Considerations', 'authorization/security-considerations');

export const mcpHttp = mcpPage('Streamable HTTP', 'transports/streamable-http');

export const mcpPractices = titled(
  'MCP best practices',
  'Security Best Practices',
  'docs/2026-07-28/tutorials/security/security_best_practices',
);

export const rfc3986 = rfc(3986, 'URI: Generic Syntax');

export const rfc6585 = rfc(6585, 'Additional HTTP Status Codes');

export const rfc6749 = rfc(6749, 'The OAuth 2.0 Authorization Framework');

export const rfc6750 = rfc(6750, 'Bearer Token Usage');

export const rfc6819 = rfc(6819, 'OAuth 2.0 Threat Model and Security Considerations');

export const rfc7009 = rfc(7009, 'Token Revocation');

export const rfc7519 = rfc(7519, 'JSON Web Token');

export const rfc7523 = rfc(7523, 'JWT Profile for Client Authentication and Grants');

export const rfc7591 = rfc(7591, 'Dynamic Client Registration');

export const rfc7592 = rfc(7592, 'Dynamic Client Registration Management');

export const rfc7636 = rfc(7636, 'Proof Key for Code Exchange');

export const rfc7662 = rfc(7662, 'Token Introspection');

export const rfc8252 = rfc(8252, 'OAuth 2.0 for Native Apps');

export const rfc8414 = rfc(8414, 'Authorization Server Metadata');

export const rfc8628 = rfc(8628, 'Device Authorization Grant');

export const rfc8693 = rfc(8693, 'Token Exchange');

export const rfc8707 = rfc(8707, 'Resource Indicators');

export const rfc8725 = rfc(8725, 'JSON Web Token Best Current Practices');

export const rfc9068 = rfc(9068, 'JWT Profile for Access Tokens');

export const rfc9110 = rfc(9110, 'HTTP Semantics');

export const rfc9126 = rfc(9126, 'Pushed Authorization Requests');

export const rfc9207 = rfc(9207, 'Authorization Server Issuer Identification');

export const rfc9449 = rfc(9449, 'Demonstrating Proof of Possession');

export const rfc9700 = rfc(9700, 'Best Current Practice for OAuth 2.0 Security');

export const rfc9728 = rfc(9728, 'Protected Resource Metadata');

/** Its clauses were cited as those of its draft; section numbers are the same. */
export const browserApps = rfc(10017, 'OAuth 2.0 for Browser-Based Applications');

const openid = (short: string, title: string, file: string) =>
  numbered({
    short: `OpenID ${short}`,
    title: `OpenID Connect ${title} 1.0`,
    url: `https://openid.net/specs/openid-connect-${file}-1_0.html`,
    anchors: false,
  });

export const oidcCore = openid('Core', 'Core', 'core');

export const oidcDiscovery = openid('Discovery', 'Discovery', 'discovery');

export const oidcRegistration = openid('Registration', 'Dynamic Client Registration', 'registration');

export const oidcLogout = openid('Logout', 'RP-Initiated Logout', 'rpinitiated');
