import { makeState } from '../../pkce.ts';
import type { Make } from '../value.ts';

/** A fresh `state`: what ties the answer to this browser. */
export const state: Make = { values: ['state'], make: async () => ({ state: makeState() }) };
