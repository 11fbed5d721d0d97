/**
 * Every requirement that the server claims to meet, as data.
 *
 * A test cites one by `[#id]` in its title. `tests/requirements.test.ts` fails on a requirement
 * that no test cites, on a citation of an unknown id, and on a place that does not exist.
 */
import { authorization } from './authorization.ts';
import { bindings } from './bindings.ts';
import { clients } from './clients.ts';
import { grants } from './grants.ts';
import { resources } from './resources.ts';
import { tokens } from './tokens.ts';

export type { Requirement } from './types.ts';

/** In the order of the reference: what is asked of tokens stands in three files. */
const ofTokens = { ...tokens, ...bindings, ...grants } as const;

export const requirements = { ...resources, ...authorization, ...ofTokens, ...clients } as const;
export type RequirementId = keyof typeof requirements;

/** The requirements in groups, as the reference shows them. */
export const requirementGroups = [
  { id: 'discovery-and-resources', title: 'Discovery and resources', requirements: resources },
  { id: 'authorization', title: 'Authorization', requirements: authorization },
  { id: 'tokens', title: 'Tokens', requirements: ofTokens },
  { id: 'clients', title: 'Clients and users', requirements: clients },
] as const;
