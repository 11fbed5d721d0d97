/** Comparisons that take longer the more is right tell a secret letter by letter. This reads the code for them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sameSecret } from '#lib/oauth/hash.ts';

const files = ['lib/oauth', 'lib/http', 'lib/mcp', 'lib/sandbox', 'lib/server'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/test(?:ing)?\.ts$/.test(file))
    .map((file) => join(folder, file)),
);

const SECRET = '[sS]ecret|[pP]assword|[hH]ash|[tT]icket|mac|[nN]once|[cC]ontrolToken|[tT]oken';
const NAMES = 'secretHash|registrationTokenHash|controlTokenHash|browserHash|adminTokenHash|ticket|expectedMac';

/** `===` beside what is secret, or a hash of it. */
const SUSPECT = new RegExp(
  String.raw`(?:\b\w*(?:${SECRET})(?:Hash)?\b\)?) [=!]==? (?!null|undefined|'|"|false|true|typeof|-?\d)` +
    String.raw`|[=!]== (?:\w+\.)*(?:${NAMES})\b`,
);

/** Lines that compare what is no secret, each with the reason. */
const KNOWN = [
  /challenge/i, // The challenge is public; what is compared with it is a hash of the verifier.
];

test('what is secret is compared in constant time', () => {
  for (const bad of [
    'if (sha256(secret) === client.secretHash) return;',
    'return token === expected;',
    'hash !== other',
    'ticket === ticketFor(ctx)',
  ])
    expect.soft([bad, SUSPECT.test(bad)]).toEqual([bad, true]);
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line, at) => ({ where: `${file}:${at + 1}`, line: line.trim() }))
      .filter(
        ({ line }) =>
          !line.startsWith('*') &&
          !line.startsWith('//') &&
          SUSPECT.test(line) &&
          !KNOWN.some((known) => known.test(line)),
      ),
  );
  expect(found).toEqual([]);
});

test('the comparison is that of node:crypto, and takes texts of any length', () => {
  expect(readFileSync('lib/oauth/hash.ts', 'utf8')).toContain('timingSafeEqual');
  expect([
    sameSecret('a', 'a'),
    sameSecret('a', 'b'),
    sameSecret('a', 'aa'),
    sameSecret('', ''),
    sameSecret('', 'a'),
    sameSecret('é', 'e'),
  ]).toEqual([true, false, false, true, false, false]);
});
