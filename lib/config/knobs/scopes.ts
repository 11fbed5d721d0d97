/** Which scopes there are, and which are granted. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { scopeList } from '../values.ts';

export const scopeKnobs = {
  'scopes.known': knob({
    title: 'Scopes that the server knows',
    does: prose`The scopes that the authorization server knows and advertises in scopes_supported. scopes.unknown says
      what happens to any other.`,
    group: 'Scopes',
    actsAt: ['as-metadata', 'authorize', 'token'],
    schema: scopeList,
    default: [
      'notes:read',
      'notes:write',
      'read',
      'write',
      'admin',
      'openid',
      'profile',
      'email',
      'address',
      'phone',
      'offline_access',
    ],
  }),
  'scopes.unknown': knob({
    title: 'Unknown scopes',
    does: prose`What an authorization request with a scope that the server does not know gets. refuse: invalid_scope.
      ignore: the unknown ones are left out. ignore-with-openid: they are left out if openid is asked for, as OpenID
      Connect says, else invalid_scope.`,
    group: 'Scopes',
    actsAt: ['authorize', 'token', 'device'],
    schema: z.enum(['refuse', 'ignore', 'ignore-with-openid']),
    default: 'ignore-with-openid',
  }),
  'scopes.resource': knob({
    title: 'Scopes of the resource metadata',
    does: 'scopes_supported of the protected resource metadata.',
    group: 'Scopes',
    actsAt: ['prm'],
    schema: scopeList,
    default: ['notes:read', 'notes:write'],
  }),
  'scopes.grant': knob({
    title: 'Scopes granted',
    does: 'Which of the requested scopes are granted in the end, beside what the user deselects.',
    group: 'Scopes',
    actsAt: ['consent', 'token'],
    schema: z.union([z.literal('requested'), z.strictObject({ drop: scopeList }), z.strictObject({ only: scopeList })]),
    default: 'requested',
    shape: 'requested | { drop: [scope] } | { only: [scope] }',
  }),
};
