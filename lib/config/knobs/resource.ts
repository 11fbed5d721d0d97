/** The MCP servers behind the authorization server. */
import { z } from 'zod';
import { isQuery } from '#lib/spec/uri.ts';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { MCP_REVISIONS, scopeList } from '../values.ts';

export const resourceKnobs = {
  'resource.query': knob({
    title: 'Query in the resource identifier',
    does: prose`A query component that belongs to the resource identifier: the MCP address handed out carries it, the
      resource of the metadata carries it, and the audience of tokens carries it.`,
    group: 'MCP server',
    actsAt: ['prm', 'resource'],
    schema: z.string().max(500).refine(isQuery, 'takes a query by RFC 3986: percent-encoded, and without a fragment'),
    default: '',
  }),
  'resource.challenge': knob({
    title: 'Challenge of a 401',
    does: prose`What WWW-Authenticate says in a 401. several-schemes sends a Basic challenge before the Bearer one, in
      one field, with commas inside quoted values. none sends no such header at all.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.enum(['bearer', 'dpop', 'several-schemes', 'none']),
    default: 'bearer',
  }),
  'resource.challengeScope': knob({
    title: 'Scope of the challenge',
    does: 'The scope of the 401 challenge. null leaves the parameter out.',
    group: 'MCP server',
    actsAt: ['resource'],
    schema: scopeList.nullable(),
    default: ['notes:read'],
  }),
  'resource.open': knob({
    title: 'Methods without a token',
    does: 'JSON-RPC methods that are answered without a token; notifications/* covers all notifications.',
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.array(z.string().max(100)).max(50),
    default: [],
  }),
  'resource.requiredScopes': knob({
    title: 'Scopes that operations need',
    does: prose`Which scopes an operation needs, by JSON-RPC method or by method and tool. A map given replaces the
      default one. The more exact key wins; * stands for every method that is not open. An operation without an entry
      needs a valid token and no scope.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.record(z.string().max(200), scopeList),
    default: { 'tools/call:notes_list': ['notes:read'], 'tools/call:notes_add': ['notes:write'] },
    shape: '{ method or method:tool: [scope] }',
  }),
  'resource.insufficient': knob({
    title: 'When a scope is insufficient',
    does: prose`When an operation of resource.requiredScopes gets 403 insufficient_scope. until-granted: as long as the
      token lacks the scopes. always: whatever the token holds.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.enum(['until-granted', 'always']),
    default: 'until-granted',
  }),
  'resource.scopeHint': knob({
    title: 'Scope named in a 403',
    does: prose`The scope of the 403 challenge. operation: what the operation needs. accumulated: that, joined with what
      the token already holds. none: no scope parameter.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.enum(['operation', 'accumulated', 'none']),
    default: 'operation',
  }),
  'resource.audience': knob({
    title: 'Audience check',
    does: 'Whether the MCP server refuses tokens that were issued for another resource. lax is for the attack labs.',
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.enum(['strict', 'lax']),
    default: 'strict',
  }),
  'resource.jwtChecks': knob({
    title: 'Signature check of JWTs',
    does: prose`How the MCP server verifies a JWT. strict: by a key of the issuer, with the algorithm of that key.
      naive: with the algorithm and the key that the header of the token names. none needs no signature, HS256 takes
      the published key as the shared secret, and a kid that names no key finds an empty secret; the user is the one
      that sub names. naive is for the attack lab of JWT validation.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.enum(['strict', 'naive']),
    default: 'strict',
    refused: [
      {
        where: 'public-default',
        refuses: (value) => value === 'naive',
        says: 'resource.jwtChecks: naive is refused in the sandbox default of a public instance.',
      },
    ],
  }),
  'bearer.tokens': knob({
    title: 'Tokens of /bearer',
    does: 'Which tokens the MCP server at /bearer takes. An empty list takes any token that is not empty.',
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z
      .array(
        z
          .string()
          .min(1)
          .max(500)
          .regex(/^[\x21-\x7E]*$/, 'printable ASCII without spaces'),
      )
      .max(50),
    default: [],
  }),
  'mcp.versions': knob({
    title: 'MCP revisions spoken',
    does: prose`Which revisions of MCP the servers speak. A client that asks for another one is told which there are,
      in the way of the revision it speaks.`,
    group: 'MCP server',
    actsAt: ['resource'],
    schema: z.array(z.enum(MCP_REVISIONS)).min(1).max(MCP_REVISIONS.length),
    default: [...MCP_REVISIONS],
  }),
};
