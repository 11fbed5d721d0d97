/** Every race that only one may win, against two workers of one start on one SQLite file. */
import { describe } from 'vitest';
import { races } from './lib/races.ts';
import { startWorkers } from './lib/workers.ts';

describe('of many at both workers', { timeout: 60_000 }, () => races(() => startWorkers()));
