/** Every race that only one may win, against two instances on one PostgreSQL. */
import { describe } from 'vitest';
import { postgresPrograms } from '#lib/store/contract/postgres-server.ts';
import { startPair } from './lib/instances.ts';
import { races } from './lib/races.ts';

const programs = postgresPrograms();

describe.skipIf(!programs)('of many at both instances', () => races(() => startPair(programs!)));
