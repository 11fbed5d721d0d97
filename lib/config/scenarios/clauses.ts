/** Clauses that scenarios rest on: document, section and link. */

/** A clause, as pages and reports quote it. */
export interface Citation {
  readonly doc: string;
  readonly section: string;
  readonly url: string;
}

/** A section of an RFC. */
export const rfc = (number: number, section: string, title: string): Citation => ({
  doc: `RFC ${number}`,
  section: `${section} ${title}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}.html#section-${section}`,
});

/** A section of draft 13 of OAuth 2.1. */
export const oauth21 = (section: string, title: string): Citation => ({
  doc: 'OAuth 2.1 draft 13',
  section: `${section} ${title}`,
  url: `https://www.ietf.org/archive/id/draft-ietf-oauth-v2-1-13.html#section-${section}`,
});

const MCP = 'https://modelcontextprotocol.io/specification';
const PAGES = {
  authorization: { title: 'Authorization', path: 'basic/authorization' },
  discovery: { title: 'Authorization Server Discovery', path: 'basic/authorization/authorization-server-discovery' },
  registration: { title: 'Client Registration', path: 'basic/authorization/client-registration' },
  security: { title: 'Security Considerations', path: 'basic/authorization/security-considerations' },
  transports: { title: 'Transports', path: 'basic/transports' },
  http: { title: 'Streamable HTTP', path: 'basic/transports/streamable-http' },
  lifecycle: { title: 'Lifecycle', path: 'basic/lifecycle' },
} as const;

/** A heading of the MCP specification. @param heading left out: the whole page */
export function mcp(revision: string, page: keyof typeof PAGES, heading?: string): Citation {
  const { title, path } = PAGES[page];
  const anchor = heading
    ?.toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  return {
    doc: `MCP ${revision}`,
    section: heading === undefined ? title : `${title}: ${heading}`,
    url: `${MCP}/${revision}/${path}${anchor === undefined ? '' : `#${anchor}`}`,
  };
}

const MCP_PRACTICES = 'https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices';
const MCP_EXTENSIONS = 'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft';

/** Clauses of other documents. */
export const cited = {
  oidcConfigurationRequest: {
    doc: 'OpenID Connect Discovery 1.0',
    section: '4.1 OpenID Provider Configuration Request',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest',
  },
  oidcConfigurationValidation: {
    doc: 'OpenID Connect Discovery 1.0',
    section: '4.3 OpenID Provider Configuration Validation',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation',
  },
  mcpRequestForgery: {
    doc: 'MCP security best practices 2026-07-28',
    section: 'Server-Side Request Forgery (SSRF)',
    url: `${MCP_PRACTICES}#server-side-request-forgery-ssrf`,
  },
  mcpAuthorizationUrl: {
    doc: 'MCP security best practices 2026-07-28',
    section: 'OAuth Authorization URL Validation',
    url: `${MCP_PRACTICES}#oauth-authorization-url-validation`,
  },
  cimdIdentifier: {
    doc: 'Client ID Metadata Document draft 00',
    section: '3 Client Identifier',
    url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-3',
  },
  cimdServerMetadata: {
    doc: 'Client ID Metadata Document draft 00',
    section: '5 Authorization Server Metadata',
    url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-5',
  },
  oidcClientMetadata: {
    doc: 'OpenID Connect Dynamic Client Registration 1.0',
    section: '2 Client Metadata',
    url: 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata',
  },
  cimdErrors: {
    doc: 'Client ID Metadata Document draft 00',
    section: '4.3 Metadata Discovery Errors',
    url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.3',
  },
  cimdMetadata: {
    doc: 'Client ID Metadata Document draft 00',
    section: '4.1 Client Metadata',
    url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1',
  },
  mcpScopeMinimization: {
    doc: 'MCP security best practices 2026-07-28',
    section: 'Scope Minimization',
    url: `${MCP_PRACTICES}#scope-minimization`,
  },
  oidcIdToken: {
    doc: 'OpenID Connect Core 1.0',
    section: '3.1.3.7 ID Token Validation',
    url: 'https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation',
  },
  sep2207: {
    doc: 'SEP-2207 Refresh Token Guidance',
    section: 'whole',
    url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2207',
  },
  sep2352: {
    doc: 'SEP-2352 Authorization Server Binding',
    section: 'whole',
    url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2352',
  },
  sep1932: {
    doc: 'SEP-1932 DPoP (open proposal)',
    section: 'whole',
    url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1932',
  },
  mcpClientCredentials: {
    doc: 'MCP extension: OAuth Client Credentials (draft)',
    section: 'Client Authentication Methods',
    url: 'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft/oauth-client-credentials.mdx',
  },
  mcpEnterpriseExchange: {
    doc: 'MCP extension: Enterprise-Managed Authorization',
    section: '4 Token Exchange',
    url: `${MCP_EXTENSIONS}/enterprise-managed-authorization.mdx`,
  },
  mcpEnterpriseRequest: {
    doc: 'MCP extension: Enterprise-Managed Authorization',
    section: '5 Access Token Request',
    url: `${MCP_EXTENSIONS}/enterprise-managed-authorization.mdx`,
  },
  sep1933: {
    doc: 'SEP-1933 Workload Identity Federation (open proposal)',
    section: 'whole',
    url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1933',
  },
} as const satisfies Record<string, Citation>;
