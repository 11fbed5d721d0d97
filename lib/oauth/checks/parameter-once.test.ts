import { describe, expect, test } from 'vitest';
import { authorizeParameterOnce } from './authorize-parameter-once.ts';
import { formParameterOnce } from './form-parameter-once.ts';
import { parameterOnce } from './parameter-once.ts';

/** Counts how often a form is searched from its beginning to its end. */
class Counted extends URLSearchParams {
  searches = 0;
  override getAll(name: string): string[] {
    this.searches += 1;
    return super.getAll(name);
  }
  override has(name: string): boolean {
    this.searches += 1;
    return super.has(name);
  }
}

const many = (n: number) => Array.from({ length: n }, (_, at): [string, string] => [`n${at}`, '']);

describe.each([
  ['a request to the token endpoint', parameterOnce],
  ['an authorization request', authorizeParameterOnce],
  ['the form of a page', formParameterOnce],
])('%s', (_, check) => {
  test('is read once, however many fields it has', () => {
    const form = new Counted(many(5000));
    check.test(form);
    expect(form.searches).toBe(0);
  });

  test('has no field twice', () => {
    expect(() => check.test(new URLSearchParams('a=1&b=2&a=3'))).toThrow(/once only/);
  });
});
