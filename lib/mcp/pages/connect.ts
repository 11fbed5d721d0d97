/** What a browser sees at an MCP address: what this is, and how to connect to it. */
import { html } from 'hono/html';
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';
import { type Markup, page } from '#lib/pages/layout.ts';
import { metadataAddress, RESOURCE_NAMES, RESOURCE_TITLES, resourceAddress, type ResourceName } from '../resources.ts';
import { type Snippet, snippets } from './snippets.ts';

const LEDES: Readonly<Record<ResourceName, string>> = {
  mcp:
    'This is an MCP server, not a page. It keeps notes, behind OAuth: a client that comes without a token ' +
    'is told where to get one.',
  oauth:
    'This is an MCP server, not a page: the same tools as at /mcp, as another protected resource. A ' +
    'token for one is refused at the other.',
  bearer: 'This is an MCP server, not a page: the same tools as at /mcp, behind a fixed token, without OAuth.',
  'no-auth': 'This is an MCP server, not a page: the same tools as at /mcp, with nobody at the door.',
};

const TOOLS: readonly (readonly [name: string, says: string, scope: string])[] = [
  ['whoami', 'what the server knows of you', ''],
  ['echo', 'gives a text back', ''],
  ['add', 'adds two numbers', ''],
  ['slow', 'takes up to 30 seconds and reports its progress', ''],
  ['fail', 'always fails, inside the result', ''],
  ['notes_list', 'lists your notes', 'notes:read'],
  ['notes_add', 'keeps a note', 'notes:write'],
];

/** What the door wants, and where to read on. */
function door(tenant: Tenant, resource: ResourceName): Markup | Promise<Markup> {
  if (resource === 'no-auth') {
    return html`<p>No token is looked for.
Here are also the tools, resources and prompts that the MCP conformance suite for servers calls.</p>`;
  }
  if (resource === 'bearer') {
    return tenant.config['bearer.tokens'].length > 0
      ? html`<p>It takes the tokens that its owner configured, in the header <code>Authorization: Bearer …</code></p>`
      : html`<p>It takes any token that is not empty, in the header <code>Authorization: Bearer …</code></p>`;
  }
  const metadata = metadataAddress(tenant, resource);
  return html`<p>It takes access tokens of <code>${tenant.issuer}</code> that were issued for
<code>${resourceAddress(tenant, resource)}</code>.
A client finds all of it by itself, from the answer to its first request.
It describes itself at <a href="${metadata}">${metadata}</a>.</p>`;
}

/**
 * The page for one MCP address. Its snippets work as they stand when pasted.
 * @returns HTML with status 200; no script, so that it is safe to open on any origin
 */
export function connectPage(tenant: Tenant, resource: ResourceName): Promise<Response> {
  const address = resourceAddress(tenant, resource);
  const guarded = resource === 'mcp' || resource === 'oauth';
  const snippet = ({
    title,
    says,
    text,
    install,
  }: Snippet) => html`<section class="sect"><h2>${title}</h2><p>${says}</p>
${install ? html`<p><a class="button" href="${install}">Add to ${title}</a>, or paste this:</p>` : ''}
<pre class="snippet" tabindex="0"><code>${text}</code></pre></section>
`;
  const tool = ([name, says, scope]: (typeof TOOLS)[number]) => {
    const needs = guarded && scope !== '' ? html`, with the scope <code>${scope}</code>` : '';
    return html`<li><code>${name}</code> ${says}${needs}</li>
`;
  };
  const others = RESOURCE_NAMES.filter((other) => other !== resource).map(
    (other) => html`<a href="${sandboxBase(tenant)}/${other}">/${other}</a> `,
  );
  return page({
    status: 200,
    title: RESOURCE_TITLES[resource],
    place: 'MCP server',
    sandboxId: tenant.sandboxId,
    body: html`<h1>Connect a client.</h1>
<p class="lede">${LEDES[resource]}</p>
<section class="sect"><h2>Address</h2>
<pre class="snippet" tabindex="0"><code>${address}</code></pre>
${door(tenant, resource)}
<p class="tiny">One click selects a snippet. The server speaks every published revision of MCP at this one address:
2026-07-28 without sessions, the older ones with <code>initialize</code>.</p></section>
${snippets(tenant, resource).map(snippet)}
<section class="sect"><h2>Tools</h2>
<ul>
${TOOLS.map(tool)}
</ul></section>
<p class="tiny">Other servers with the same tools: ${others}· <a
href="${tenant.origin}/sandbox/${tenant.sandboxId}">watch what arrives here</a> · <a
href="${tenant.origin}/guide">the guide that walks through the flow</a> · <a
href="${tenant.origin}/reference">reference</a></p>`,
  });
}
