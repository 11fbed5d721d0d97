import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { joseSignature } from './der.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const short = '11'.repeat(31);
const full = '22'.repeat(32);
const high = 'ff'.repeat(32);

test.each([
  ['two numbers of full length', `3044 0220 ${full} 0220 ${full}`, full + full],
  ['a first bit that is set has a zero before it', `3046 0221 00${high} 0221 00${high}`, high + high],
  ['leading zeros are left out in DER and stand in JWS', `3043 021f ${short} 0220 ${full}`, `00${short}${full}`],
  ['numbers of one byte', '3006 020101 020102', `${'00'.repeat(31)}01${'00'.repeat(31)}02`],
])('%s', (_, der, raw) => {
  expect(joseSignature(hex(der), 32).toString('hex')).toBe(raw);
});

test.each([
  ['no sequence', `3144 0220 ${full} 0220 ${full}`],
  ['one number', `3022 0220 ${full}`],
  ['a number that is too long', `3045 0221 01${full} 0220 ${full}`],
  ['more bytes than it says', `3044 0220 ${full} 0220 ${full} 00`],
  ['fewer bytes than it says', `3044 0220 ${full} 0220 ${short}`],
  ['nothing', ''],
])('refuses %s', (_, der) => {
  expect(() => joseSignature(hex(der), 32)).toThrow(TypeError);
});

test.each([
  ['P-256', 'sha256', 32],
  ['P-384', 'sha384', 48],
  ['P-521', 'sha512', 66],
] as const)('what OpenSSL signs on %s verifies in the form of JWS', (namedCurve, digest, size) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const wrong: string[] = [];
  for (let at = 0; at < 300; at += 1) {
    const input = Buffer.from(`message ${at}`);
    const raw = joseSignature(sign(digest, input, privateKey), size);
    const holds = verify(digest, input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw);
    if (!holds || raw.length !== 2 * size) wrong.push(raw.toString('hex'));
  }
  expect(wrong).toEqual([]);
});
