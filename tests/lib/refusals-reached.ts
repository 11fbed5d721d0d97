/** For `npm run mutate`: writes down which refusals each test file reaches. `vitest.config.ts` has them tell it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

const reached = new Set<string>();
Object.assign(globalThis, { refusalReached: (name: string) => void reached.add(name) });

afterAll(() => {
  const test = expect.getState().testPath!;
  const file = join(process.env.AUTHWALK_REFUSALS_TO!, `${test.replaceAll(/\W/g, '-')}.json`);
  writeFileSync(file, JSON.stringify({ test, reached: [...reached] }));
});
