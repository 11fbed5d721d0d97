/** The YAML of a level may be anybody's. */
import { expect, test } from 'vitest';
import { compileLevel, LevelFault } from './compile.ts';
import { levelText, library } from './load.ts';
import { MOST_BYTES, readLevel } from './read.ts';

const good = levelText('read-only')!;
const faults = (text: string) => {
  const read = readLevel(text);
  return read.ok ? [] : read.faults;
};

test('a fault is told in plain words, with its line', () => {
  expect(faults(good.replace('par: 3', 'par: many'))).toEqual([{ line: 21, says: 'par: it has to be a number' }]);
  expect(faults(good.replace('move: redeem', 'move: fly'))[0]?.says).toMatch(
    /^allowed, no\. 3, move: it has to be one of/,
  );
  expect(faults(good.replace('par: 3', 'pars: 3'))).toEqual([
    { line: 1, says: 'par: it is missing' },
    { line: 21, says: 'there is no member pars here' },
  ]);
  expect(faults(good.replace('held: access_token', 'herd: access_token'))[0]).toMatchObject({ line: 8 });
});

test('a bound is told in the words of what it bounds', () => {
  expect(faults(good.replace(/^title: .*$/m, `title: ${'x'.repeat(41)}`))[0]?.says).toBe(
    'title: it is longer than 40 characters',
  );
  expect(faults(good.replace(/^title: .*$/m, "title: ''"))[0]?.says).toBe('title: it is empty');
  expect(faults(good.replace('par: 3', 'par: 31'))[0]?.says).toBe('par: it is more than 30');
});

test('what is implemented is all that a goal can say', () => {
  expect(faults(good.replace('active: true', 'alive: true')).map((one) => one.says)).toEqual([
    'goal, all, no. 1, that: there is no member alive here',
  ]);
});

test('the solution keeps to what is allowed', () => {
  expect(faults(good.replace('  - { move: redeem, shows: [code, resource] }\n', ''))[0]?.says).toMatch(
    /the solution makes the move redeem, which is not among those allowed/,
  );
});

test('names that do not exist are faults, with their place', () => {
  const wrong = (text: string): unknown => {
    const read = readLevel(text);
    if (!read.ok) return read.faults;
    try {
      return compileLevel(read.level, library);
    } catch (error) {
      return error instanceof LevelFault ? [error.message, read.lineOf(error.path)] : error;
    }
  };
  expect(wrong(good.replace('until: registration', 'until: nowhere'))).toEqual([
    'the track authorization-code has no step nowhere',
    15,
  ]);
  expect(wrong(good.replace('rfc6749-3.3', 'rfc0-1'))).toEqual(['there is no clause rfc0-1', 33]);
});

test.each([
  ['an alias bomb', `a: &a [x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n${good}`, /aliases|alias/],
  [
    'an alias',
    good.replace("scope_has: ['notes:read']", 'scope_has: &s [x]').replace("['notes:write']", '*s'),
    /alias/i,
  ],
  ['a tag', good.replace('par: 3', 'par: !!js/function "x"'), /tag/i],
  ['a member twice', `${good}par: 4\n`, /unique/],
  ['no YAML', 'a: [b', /flow|expected/i],
  ['too much', `${good}# ${'x'.repeat(MOST_BYTES)}`, /longer than 16384 bytes/],
  ['nothing', '', /object/],
  ['deep nesting', '['.repeat(8000), /./],
])('%s is refused, in words', (_what, text, says) => {
  expect(faults(text)[0]?.says).toMatch(says);
});

test('a prototype cannot be reached by a name', () => {
  const read = readLevel(good.replace("set: { scope: 'notes:read' }", 'set: { __proto__: x, constructor: y }'));
  expect(read.ok && Object.getPrototypeOf(read.level.solution[0]!.set)).toBe(Object.prototype);
});

test('a level of one’s own is proven, and a solution that fails is told', async () => {
  const { proveLevel } = await import('./prove.ts');
  const { checkLevel } = await import('./check.ts');
  const { startEngine, ORIGIN } = await import('../../../tests/lib/guide-engine.ts');
  const { memoryKeys } = await import('#lib/guide/proofs.ts');
  const engine = await startEngine();
  const prove = (text: string) => {
    const checked = checkLevel(text);
    if (!('level' in checked)) throw new Error(JSON.stringify(checked.faults));
    return proveLevel(checked.level, { origin: ORIGIN, fetch: engine.fetch, now: Date.now, keys: memoryKeys() });
  };
  expect(await prove(good)).toEqual({ ok: true, says: 'The solution reaches the goal in 3, par 3.' });
  expect(await prove(good.replace('par: 3', 'par: 2'))).toMatchObject({
    ok: false,
    says: expect.stringMatching(/3 requests, and par is 2/),
  });
  expect(await prove(good.replace("set: { scope: 'notes:read' }", "set: { scope: 'notes:write' }"))).toMatchObject({
    ok: false,
    says: expect.stringMatching(/does not reach the goal\. Still open: It may list notes/),
  });
  const asked: string[] = [];
  const bent = good.replace(
    'until: registration }',
    "until: registration, with: { mcp_url: 'https://evil.example/' } }",
  );
  const checked = checkLevel(bent);
  const says = await proveLevel('level' in checked ? checked.level : expect.fail('it should compile'), {
    ...{ origin: ORIGIN, now: Date.now, keys: memoryKeys() },
    fetch: (input, init) => {
      asked.push(input);
      return engine.fetch(input, init);
    },
  });
  expect(says).toMatchObject({ ok: false, says: expect.stringMatching(/to any other place than its own sandbox/) });
  expect(asked.filter((url) => url.includes('evil'))).toEqual([]);
  await engine.close();
});
