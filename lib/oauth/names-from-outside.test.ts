/** Names that every object has are no entries of a table: whoever sends one meets no function of the language. */
import { describe, expect, it } from 'vitest';
import { grantTypeName } from './grants/names.ts';
import { scopeWords } from './interaction/words.ts';
import { withImplied } from './scope.ts';

describe.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('%s', (name) => {
  it('is a scope that implies nothing, and is told as it stands', () => {
    expect([...withImplied([name])]).toEqual([name]);
    expect(scopeWords(name)).toMatchObject({ says: `Do what its server calls ${name}`, includes: [] });
  });

  it('is a grant type without a longer name', () => {
    expect(grantTypeName(name)).toBe(name);
  });
});
