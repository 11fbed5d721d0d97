/** The schemas that are served and packed say what the server takes and gives. */
import { afterAll, expect, test } from 'vitest';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createAuthwalk } from '../kit/testing/index.ts';

const authwalk = await createAuthwalk({ listen: false });
afterAll(() => authwalk.close());

async function validator(name: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const answer = await authwalk.fetch(`/schemas/${name}`);
  expect(answer.status).toBe(200);
  const schema = (await answer.json()) as object;
  expect(ajv.validateSchema(schema)).toBe(true);
  return ajv.compile(schema);
}

test('a report is what report.schema.json says', async () => {
  const sandbox = await authwalk.sandbox({ scenario: 'iss-wrong-issuer', consent: 'approve' });
  await authwalk.fetch(sandbox.mcp.oauth, { method: 'POST', body: '{}' });
  const { json } = await sandbox.report();
  const validate = await validator('report.schema.json');
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...json, later: 'a member of a later version' })).toBe(true);
  expect(validate({ ...json, verdicts: [{ rule: 'x' }] })).toBe(false);
});

test('a configuration is what config.schema.json says', async () => {
  const validate = await validator('config.schema.json');
  const { config } = (await (
    await authwalk.fetch('/api/sandboxes', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
  ).json()) as { config: object };
  expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ 'tokens.alg': 'none' })).toBe(false);
});

test('a schema of another name is 404', async () => {
  for (const name of ['nothing.json', '__proto__', 'toString'])
    expect((await authwalk.fetch(`/schemas/${name}`)).status).toBe(404);
});
