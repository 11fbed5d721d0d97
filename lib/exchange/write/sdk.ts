/** An exchange as the MCP TypeScript SDK would make it. */
import { formOf, jsonOf, queryOf, rpcOf, tokenOf } from '../read.ts';
import type { Exchange } from '../types.ts';
import { jsString as js } from './fetch.ts';

const SDK = '@modelcontextprotocol/client';

/** A call with named options, the ones without a value left out. */
function call(names: string, result: string, name: string, first: string, options: readonly (string | null)[]): string {
  const lines = options.filter((option) => option !== null).map((option) => `  ${option},`);
  const all = lines.length === 0 ? first : `${first}, {\n${lines.join('\n')}\n}`;
  return `import { ${names} } from '${SDK}';\n\n${result} = await ${name}(${all});`;
}

function object(pairs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(pairs, null, 2)
    .replace(/"([A-Za-z_]\w*)":/g, '$1:')
    .replaceAll('\n', '\n  ');
}

/** Issuer of an endpoint of this server. */
const baseOf = (url: string): string => url.replace(/\/(?:oauth|clients)\/\w+(?:\?.*)?$/, '');

const text = (name: string, value: string | null): string => `${name}: ${js(value ?? '')}`;
const optional = (name: string, value: string | null): string | null => (value ? text(name, value) : null);
const resource = (value: string | null): string | null => (value ? `resource: new URL(${js(value)})` : null);
const client = (id: string | null): string => `clientInformation: { client_id: ${js(id ?? '')} }`;

/** The source; null if the SDK has nothing of the kind. */
export function toSdk(exchange: Exchange): string | null {
  const { url } = exchange.request;
  const base = js(baseOf(url));
  const query = queryOf(exchange);
  switch (exchange.endpoint) {
    case 'prm':
      return call(
        'discoverOAuthProtectedResourceMetadata',
        'const resource',
        'discoverOAuthProtectedResourceMetadata',
        'serverUrl',
        [text('resourceMetadataUrl', url)],
      );
    case 'as-metadata': {
      const issuer = js(String(jsonOf(exchange.response)?.issuer ?? 'ISSUER'));
      const name = 'discoverAuthorizationServerMetadata';
      return call(name, 'const metadata', name, issuer, []);
    }
    case 'register': {
      const metadata = `clientMetadata: ${object(jsonOf(exchange.request) ?? {})}`;
      return call('registerClient', 'const client', 'registerClient', base, ['metadata', metadata]);
    }
    case 'authorize': {
      const comment = '// Makes the verifier and its challenge, and returns the verifier to keep.\n';
      return call(
        'startAuthorization',
        `${comment}const { authorizationUrl, codeVerifier }`,
        'startAuthorization',
        base,
        [
          'metadata',
          client(query.get('client_id')),
          text('redirectUrl', query.get('redirect_uri')),
          optional('scope', query.get('scope')),
          optional('state', query.get('state')),
          resource(query.get('resource')),
        ],
      );
    }
    case 'token':
      return tokenCall(exchange, base);
    case 'mcp':
      return toolCall(exchange);
    default:
      return null;
  }
}

function tokenCall(exchange: Exchange, base: string): string | null {
  const form = formOf(exchange);
  const common = ['metadata', client(form.get('client_id'))];
  if (form.get('grant_type') === 'refresh_token')
    return call('refreshAuthorization', 'const tokens', 'refreshAuthorization', base, [
      ...common,
      text('refreshToken', form.get('refresh_token')),
      resource(form.get('resource')),
    ]);
  if (form.get('grant_type') !== 'authorization_code') return null;
  const comment = '// Compares iss with the metadata before the code goes anywhere.\n';
  return call('exchangeAuthorization', `${comment}const tokens`, 'exchangeAuthorization', base, [
    ...common,
    text('authorizationCode', form.get('code')),
    'iss',
    text('codeVerifier', form.get('code_verifier')),
    text('redirectUri', form.get('redirect_uri')),
    resource(form.get('resource')),
  ]);
}

function toolCall(exchange: Exchange): string {
  const rpc = rpcOf(exchange);
  const presented = tokenOf(exchange);
  const options =
    presented?.scheme === 'Bearer'
      ? `, {\n  requestInit: { headers: { Authorization: ${js(`Bearer ${presented.token}`)} } },\n}`
      : '';
  const name = js(String(rpc?.params.name ?? ''));
  const given = JSON.stringify(rpc?.params.arguments ?? {});
  const last =
    rpc?.method === 'tools/list'
      ? 'const { tools } = await client.listTools();'
      : `const result = await client.callTool({ name: ${name}, arguments: ${given} });`;
  return [
    `import { Client, StreamableHTTPClientTransport } from '${SDK}';\n`,
    `const client = new Client({ name: 'my-client', version: '1.0.0' });`,
    `const transport = new StreamableHTTPClientTransport(new URL(${js(exchange.request.url)})${options});`,
    'await client.connect(transport);',
    last,
  ].join('\n');
}
