/** The schemas that the package carries and the server shows: JSON Schema, draft 2020-12. */
import { z } from 'zod';
import { configJsonSchema } from '#lib/config/describe.ts';
import { reportAnswer } from '#lib/spec/report-answer.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** By file name. */
export const SCHEMAS: Readonly<Record<string, () => object>> = {
  'config.schema.json': () => ({ $schema: DRAFT, title: 'Configuration of a sandbox', ...configJsonSchema() }),
  // Members may be added to a report, so a schema of it forbids none.
  'report.schema.json': () => ({ title: 'Report', ...z.toJSONSchema(reportAnswer, { io: 'input' }) }),
};
