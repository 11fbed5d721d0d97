/**
 * An exchange as something that can be pasted: curl, fetch, the MCP SDK, HAR 1.2.
 */
import { formOf, header, parseObject, queryOf, rpcAnswer } from './answers.ts';
import type { Exchange } from './types.ts';

/** What a browser adds by itself, or what would be wrong in another's hands. */
const NOT_OURS =
  /^(?:host|connection|content-length|accept-encoding|accept-language|user-agent|cache-control|pragma|origin|referer|dnt|priority|cookie|keep-alive|te|transfer-encoding|upgrade-insecure-requests|sec-.*)$/i;

type Sendable = Pick<Exchange, 'request'>;

/** The headers that the client chose. */
export function ownHeaders(exchange: Sendable): (readonly [string, string])[] {
  return exchange.request.headers.filter(([name]) => !NOT_OURS.test(name));
}

/** For a POSIX shell: nothing inside single quotes is read, and a quote is put outside of them. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** As curl: pasting it sends the same method, address, headers and body. */
export function toCurl(exchange: Sendable): string {
  const { method, url, body } = exchange.request;
  const lines = [`curl -i${method === 'GET' && body === null ? '' : ` -X ${method}`} ${shellQuote(url)}`];
  for (const [name, value] of ownHeaders(exchange)) lines.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${shellQuote(body)}`);
  return lines.join(' \\\n  ');
}

const js = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;

function jsBody(exchange: Sendable): string | null {
  const { body } = exchange.request;
  if (body === null) return null;
  const json = parseObject(body);
  if (json) return `JSON.stringify(${JSON.stringify(json, null, 2).replaceAll('\n', '\n  ')})`;
  const form = formOf(exchange as Exchange);
  const pairs = [...new URLSearchParams(body)];
  if (pairs.length === 0 || Object.keys(form).length !== pairs.length) return js(body);
  return `new URLSearchParams({\n${pairs.map(([name, value]) => `    ${/^[A-Za-z_]\w*$/.test(name) ? name : js(name)}: ${js(value)},`).join('\n')}\n  })`;
}

/** As fetch, in JavaScript. */
export function toFetch(exchange: Sendable): string {
  const { method, url } = exchange.request;
  const headers = ownHeaders(exchange)
    .map(([name, value]) => `    ${js(name)}: ${js(value)},`)
    .join('\n');
  const body = jsBody(exchange);
  const parts = [
    ...(method === 'GET' ? [] : [`  method: ${js(method)},`]),
    ...(headers === '' ? [] : [`  headers: {\n${headers}\n  },`]),
    ...(body === null ? [] : [`  body: ${body},`]),
    `  redirect: 'manual',`,
  ];
  return `const response = await fetch(${js(url)}, {\n${parts.join('\n')}\n});`;
}

const SDK = '@modelcontextprotocol/client';
const object = (pairs: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(pairs, null, 2)
    .replace(/"([A-Za-z_]\w*)":/g, '$1:')
    .replaceAll('\n', '\n  ');
const baseOf = (url: string): string => url.replace(/\/(?:oauth|clients)\/\w+(?:\?.*)?$/, '');

/** As the MCP TypeScript SDK does the same; null where it has nothing of the kind. */
export function toSdk(exchange: Exchange): string | null {
  const { url, body } = exchange.request;
  const form = formOf(exchange);
  const base = baseOf(url);
  switch (exchange.endpoint) {
    case 'prm':
      return `import { discoverOAuthProtectedResourceMetadata } from '${SDK}';\n\nconst resource = await discoverOAuthProtectedResourceMetadata(serverUrl, {\n  resourceMetadataUrl: ${js(url)},\n});`;
    case 'as-metadata':
      return `import { discoverAuthorizationServerMetadata } from '${SDK}';\n\nconst metadata = await discoverAuthorizationServerMetadata(${js(String(parseObject(exchange.response?.body ?? null)?.issuer ?? 'ISSUER'))});`;
    case 'register':
      return `import { registerClient } from '${SDK}';\n\nconst client = await registerClient(${js(base)}, {\n  metadata,\n  clientMetadata: ${object(parseObject(body) ?? {})},\n});`;
    case 'authorize': {
      const query = queryOf(url);
      return `import { startAuthorization } from '${SDK}';\n\n// Makes the verifier and its challenge, and returns the verifier to keep.\nconst { authorizationUrl, codeVerifier } = await startAuthorization(${js(base)}, {\n  metadata,\n  clientInformation: { client_id: ${js(query.client_id ?? '')} },\n  redirectUrl: ${js(query.redirect_uri ?? '')},${query.scope ? `\n  scope: ${js(query.scope)},` : ''}${query.state ? `\n  state: ${js(query.state)},` : ''}${query.resource ? `\n  resource: new URL(${js(query.resource)}),` : ''}\n});`;
    }
    case 'token':
      if (form.grant_type === 'refresh_token')
        return `import { refreshAuthorization } from '${SDK}';\n\nconst tokens = await refreshAuthorization(${js(base)}, {\n  metadata,\n  clientInformation: { client_id: ${js(form.client_id ?? '')} },\n  refreshToken: ${js(form.refresh_token ?? '')},${form.resource ? `\n  resource: new URL(${js(form.resource)}),` : ''}\n});`;
      if (form.grant_type === 'authorization_code')
        return `import { exchangeAuthorization } from '${SDK}';\n\n// Compares iss with the metadata before the code goes anywhere.\nconst tokens = await exchangeAuthorization(${js(base)}, {\n  metadata,\n  clientInformation: { client_id: ${js(form.client_id ?? '')} },\n  authorizationCode: ${js(form.code ?? '')},\n  iss,\n  codeVerifier: ${js(form.code_verifier ?? '')},\n  redirectUri: ${js(form.redirect_uri ?? '')},${form.resource ? `\n  resource: new URL(${js(form.resource)}),` : ''}\n});`;
      return null;
    case 'mcp': {
      const rpc = parseObject(body);
      const params = (rpc?.params ?? {}) as { name?: string; arguments?: unknown };
      const token = /^Bearer (.+)$/.exec(header(exchange.request, 'authorization') ?? '')?.[1];
      const options = token ? `, {\n  requestInit: { headers: { Authorization: ${js(`Bearer ${token}`)} } },\n}` : '';
      const call =
        rpc?.method === 'tools/list'
          ? 'const { tools } = await client.listTools();'
          : `const result = await client.callTool({ name: ${js(params.name ?? '')}, arguments: ${JSON.stringify(params.arguments ?? {})} });`;
      return `import { Client, StreamableHTTPClientTransport } from '${SDK}';\n\nconst client = new Client({ name: 'my-client', version: '1.0.0' });\nconst transport = new StreamableHTTPClientTransport(new URL(${js(url)})${options});\nawait client.connect(transport);\n${call}`;
    }
    default:
      return null;
  }
}

const harHeaders = (headers: Exchange['request']['headers']) => headers.map(([name, value]) => ({ name, value }));

/** One entry of a HAR 1.2 log. @see http://www.softwareishard.com/blog/har-12-spec/#entries */
export function toHarEntry(exchange: Exchange): Record<string, unknown> {
  const { request, response } = exchange;
  const bytes = (text: string | null): number => (text === null ? 0 : new TextEncoder().encode(text).length);
  const type = header(request, 'content-type') ?? '';
  let query: { name: string; value: string }[] = [];
  try {
    query = [...new URL(request.url).searchParams].map(([name, value]) => ({ name, value }));
  } catch {
    /* an edited address may be none */
  }
  return {
    startedDateTime: exchange.at,
    time: exchange.duration,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: `HTTP/${request.httpVersion}`,
      cookies: [],
      headers: harHeaders(request.headers),
      queryString: query,
      ...(request.body === null
        ? {}
        : {
            postData: {
              mimeType: type,
              text: request.body,
              ...(type.includes('form')
                ? { params: [...new URLSearchParams(request.body)].map(([name, value]) => ({ name, value })) }
                : {}),
            },
          }),
      headersSize: -1,
      bodySize: bytes(request.body),
    },
    response: {
      status: response?.status ?? 0,
      statusText: response?.statusText ?? '',
      httpVersion: `HTTP/${request.httpVersion}`,
      cookies: [],
      headers: harHeaders(response?.headers ?? []),
      content: {
        size: bytes(response?.body ?? null),
        mimeType: header(response, 'content-type') ?? '',
        text: response?.body ?? '',
      },
      redirectURL: header(response, 'location') ?? '',
      headersSize: -1,
      bodySize: bytes(response?.body ?? null),
    },
    cache: {},
    timings: { send: 0, wait: exchange.duration, receive: 0 },
  };
}

/** A whole HAR 1.2 log of the exchanges. */
export function toHar(exchanges: readonly Exchange[], version: string): string {
  return JSON.stringify(
    { log: { version: '1.2', creator: { name: 'Authwalk', version }, entries: exchanges.map(toHarEntry) } },
    null,
    2,
  );
}

/** All forms of an exchange, for the tabs beside it. */
export interface Snippets {
  readonly curl: string;
  readonly fetch: string;
  readonly sdk: string | null;
  readonly har: string;
}

/** An exchange in every form. */
export function snippetsOf(exchange: Exchange): Snippets {
  return {
    curl: toCurl(exchange),
    fetch: toFetch(exchange),
    sdk: toSdk(exchange),
    har: JSON.stringify(toHarEntry(exchange), null, 2),
  };
}

/** The result of a tool as text; null where the answer is none. */
export function toolText(exchange: Exchange): string | null {
  const result = rpcAnswer(exchange)?.result;
  return result === undefined ? null : JSON.stringify(result, null, 2);
}
