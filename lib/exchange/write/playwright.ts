/**
 * A run as a Playwright test that passes as it stands: it makes a sandbox of the same configuration,
 * sends the same requests in the same order, and takes over the values that the server makes anew
 * (client ids, codes, tokens) from the answers.
 */
import type { Exchange } from '../types.ts';

export interface PlaywrightOptions {
  readonly origin: string;
  /** Where the run was recorded. */
  readonly base: string;
  /** Configuration of the sandbox. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Members of answers that are new in each run. */
const MADE = [
  'client_id',
  'client_secret',
  'registration_access_token',
  'access_token',
  'refresh_token',
  'id_token',
  'device_code',
  'user_code',
  'request_uri',
] as const;
const NOT_SENT: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'accept-language',
  'transfer-encoding',
  'keep-alive',
  'upgrade-insecure-requests',
  'cookie',
  'te',
  'priority',
  'origin',
  'referer',
  'user-agent',
]);

interface Value {
  readonly variable: string;
  readonly text: string;
}

/** The source of the test. @param exchanges with their secrets, oldest first */
export function toPlaywright(exchanges: readonly Exchange[], { origin, base, config }: PlaywrightOptions): string {
  const values: Value[] = [];
  const lines: string[] = [];
  const counts = new Map<string, number>();
  const variableFor = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  };

  for (const exchange of exchanges) {
    const { request, response } = exchange;
    const what = `// ${exchange.seq}. ${exchange.endpoint}${exchange.reason === null ? '' : `: ${exchange.reason}`}`;
    if (request.method === 'OPTIONS') continue;
    const omitted = whyOmitted(exchange);
    if (omitted !== null) {
      lines.push(`${what} is left out: ${omitted}`, '');
      continue;
    }
    const expression = (text: string): string => expressionOf(text, values, base, origin);
    const headers = request.headers.filter(
      ([name]) => !NOT_SENT.has(name.toLowerCase()) && !name.toLowerCase().startsWith('sec-'),
    );
    const options = [
      `method: ${JSON.stringify(request.method)}`,
      ...(headers.length > 0
        ? [
            `headers: { ${headers.map(([name, value]) => `${JSON.stringify(name)}: ${name.toLowerCase() === 'authorization' ? authorizationOf(value, expression) : expression(value)}`).join(', ')} }`,
          ]
        : []),
      ...(request.body === null ? [] : [`data: ${expression(request.body)}`]),
      'maxRedirects: 0',
    ];
    const call = `request.fetch(${expression(request.url)}, {\n    ${options.join(',\n    ')},\n  })`;
    if (response === null) {
      lines.push(what, `await expect(${call}).rejects.toThrow();`, '');
      continue;
    }
    const name = `answer${exchange.seq}`;
    lines.push(what, `const ${name} = await ${call};`, `expect(${name}.status()).toBe(${response.status});`);
    for (const { from, member, text } of made(exchange)) {
      if (values.some((value) => value.text === text)) continue;
      const variable = variableFor(member);
      values.push({ variable, text });
      lines.push(`const ${variable} = ${from(name)};`);
    }
    lines.push('');
  }

  return `import { expect, test } from '@playwright/test';

// A run recorded by Authwalk. It needs nothing but the server: each time it makes a sandbox of its own.
const origin = process.env.AUTHWALK_URL ?? ${JSON.stringify(origin)};

test('the recorded run', async ({ request }) => {
  const made = await request.post(\`\${origin}/api/sandboxes\`, { data: ${JSON.stringify({ config })} });
  expect(made.status()).toBe(201);
  const base: string = (await made.json()).issuer.replace(/\\/$/, '');
  const path = base.slice(origin.length);

${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}});
`;
}

/** Why a request cannot be sent again as it was. */
function whyOmitted({ request }: Exchange): string | null {
  if (request.truncatedFrom !== undefined) return 'its body was recorded in part.';
  if (request.headers.some(([name]) => name.toLowerCase() === 'dpop')) return 'its DPoP proof is good once.';
  if (request.body?.includes('client_assertion=') || request.body?.includes('assertion='))
    return 'its assertion is good once.';
  return null;
}

interface Made {
  readonly member: string;
  readonly text: string;
  readonly from: (answer: string) => string;
}

/** What an answer made: members of its JSON, parameters of its redirect, its MCP session. */
function made({ response }: Exchange): Made[] {
  if (response === null) return [];
  const found: Made[] = [];
  const location = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location !== undefined && URL.canParse(location)) {
    const url = new URL(location);
    const code = url.searchParams.get('code');
    if (code)
      found.push({
        member: 'code',
        text: code,
        from: (answer) => `new URL(${answer}.headers().location).searchParams.get('code') ?? ''`,
      });
    const interaction = /\/consent\/([^/?#]+)$/.exec(url.pathname)?.[1];
    if (interaction)
      found.push({
        member: 'interaction',
        text: interaction,
        from: (answer) => `new URL(${answer}.headers().location).pathname.split('/').at(-1) ?? ''`,
      });
  }
  const session = response.headers.find(([name]) => name.toLowerCase() === 'mcp-session-id')?.[1];
  if (session)
    found.push({
      member: 'mcp_session',
      text: session,
      from: (answer) => `${answer}.headers()['mcp-session-id'] ?? ''`,
    });
  if (response.body !== null && response.truncatedFrom === undefined) {
    let json: unknown;
    try {
      json = JSON.parse(response.body);
    } catch {
      return found;
    }
    if (typeof json === 'object' && json !== null) {
      for (const member of MADE) {
        const text = (json as Record<string, unknown>)[member];
        if (typeof text === 'string' && text.length >= 6)
          found.push({
            member,
            text,
            from: (answer) => `((await ${answer}.json()) as { ${member}: string }).${member}`,
          });
      }
    }
  }
  return found;
}

function authorizationOf(value: string, expression: (text: string) => string): string {
  const basic = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(value)?.[1];
  if (!basic) return expression(value);
  return `\`Basic \${btoa(${expression(atob(basic))})}\``;
}

/** A text as a JavaScript expression in which values of the run are variables. */
function expressionOf(text: string, values: readonly Value[], base: string, origin: string): string {
  const known: { text: string; code: string }[] = [];
  for (const { variable, text: value } of values) {
    known.push({ text: value, code: variable });
    const encoded = encodeURIComponent(value);
    if (encoded !== value) known.push({ text: encoded, code: `encodeURIComponent(${variable})` });
  }
  const path = base.slice(origin.length);
  known.push({ text: base, code: 'base' }, { text: encodeURIComponent(base), code: 'encodeURIComponent(base)' });
  if (path !== '')
    known.push({ text: path, code: 'path' }, { text: encodeURIComponent(path), code: 'encodeURIComponent(path)' });
  known.push(
    { text: origin, code: 'origin' },
    { text: encodeURIComponent(origin), code: 'encodeURIComponent(origin)' },
  );
  known.sort((a, b) => b.text.length - a.text.length);
  let out = '';
  for (let at = 0; at < text.length; ) {
    const hit = known.find((candidate) => candidate.text !== '' && text.startsWith(candidate.text, at));
    if (hit) {
      out += `\${${hit.code}}`;
      at += hit.text.length;
    } else {
      out += escapeTemplate(text[at]!);
      at += 1;
    }
  }
  return `\`${out}\``;
}

function escapeTemplate(character: string): string {
  if (character === '`' || character === '\\' || character === '$') return `\\${character}`;
  if (character === '\n') return String.raw`\n`;
  if (character === '\r') return String.raw`\r`;
  return character;
}
