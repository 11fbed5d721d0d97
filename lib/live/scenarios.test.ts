import { expect, test } from 'vitest';
import { coded } from './scenarios.ts';

test('names of the protocol are marked as code, and words that only look alike are not', () => {
  expect(coded("iss is somebody else's")).toBe("`iss` is somebody else's");
  expect(coded('401 without WWW-Authenticate')).toBe('401 without `WWW-Authenticate`');
  expect(coded('Redirects with error=access_denied, a description, state and iss.')).toBe(
    'Redirects with error=`access_denied`, a description, `state` and `iss`.',
  );
  for (const text of ['It stays in a waiting state.', 'Start iss-wrong-issuer as well.', 'Have it call `whoami`'])
    expect(coded(text)).toBe(text);
});
