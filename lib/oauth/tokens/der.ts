/**
 * Signatures of elliptic curves, from ASN.1 to the form of JWS.
 *
 * OpenSSL makes them in DER: a sequence of two integers, each without leading zeros and with one more byte if its
 * first bit is set. JWS wants the two numbers at full length, one behind the other. Node can convert them
 * (`dsaEncoding: 'ieee-p1363'`), which takes longer than the signature itself.
 */

/** Tags of ASN.1. */
const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Set if the length stands in the next byte. */
const LONG = 0x81;

/**
 * The two numbers of a signature, each of full length.
 * @param der as `crypto.sign` makes it
 * @param size bytes of each number: 32 for P-256, 48 for P-384, 66 for P-521
 * @throws TypeError if it is no such signature
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4
 */
export function joseSignature(der: Uint8Array, size: number): Buffer {
  const out = Buffer.alloc(2 * size);
  let at = der[1] === LONG ? 3 : 2;
  if (der[0] !== SEQUENCE) throw new TypeError('The signature is not a sequence.');
  for (const end of [size, 2 * size]) {
    const length = der[at + 1] ?? 0;
    const start = at + 2;
    at = start + length;
    if (der[start - 2] !== INTEGER || length === 0 || at > der.length)
      throw new TypeError('The signature does not hold two numbers.');
    // One byte more than the curve has is the zero before a first bit that is set.
    const skipped = length > size ? length - size : 0;
    if (skipped > 1 || (skipped === 1 && der[start] !== 0)) throw new TypeError('A number is too long for the curve.');
    out.set(der.subarray(start + skipped, at), end - (length - skipped));
  }
  if (at !== der.length) throw new TypeError('Something follows the signature.');
  return out;
}
