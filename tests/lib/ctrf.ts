/** The schema of the common test report format, as its own package has it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);
const place = createRequire(import.meta.url).resolve('ctrf');
const valid = ajv.compile(JSON.parse(readFileSync(join(dirname(place), 'ctrf-schema-0.0.json'), 'utf8')));

/** What is wrong with a report; empty if nothing is. */
export const ctrfErrors = (report: unknown): readonly unknown[] => (valid(report) ? [] : (valid.errors ?? []));
