/**
 * A certificate authority for this machine's user: made on first use, kept in their data folder, and the issuer of
 * short-lived certificates for names that only mean this machine or its own network.
 */
import { createPrivateKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

const DAY = 86_400_000;
/** ms that the authority's own certificate lasts. */
const AUTHORITY_LASTS = 3 * 365 * DAY;
/** ms that a certificate of the server lasts. A running server makes another one long before. */
export const CERTIFICATE_LASTS = 7 * DAY;
/** ms that clocks may differ by. */
const SKEW = 3_600_000;

const FILE = 'ca.pem';
const KEY_FILE = 'ca-key.pem';
const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

export interface Authority {
  /** The file that clients have to be given, PEM. */
  readonly path: string;
  /** What it holds. */
  readonly certificate: string;
  /**
   * Issues a certificate.
   * @param names host names and addresses
   * @param now ms since the epoch
   */
  issue(names: readonly string[], now: number): Promise<{ readonly key: string; readonly cert: string }>;
}

/** Thrown if the files of the authority are there and cannot be used. */
export class AuthorityError extends Error {}

/**
 * Opens the authority of a folder; makes it if there is none yet, or if it ends within a month.
 * @param folder its own: `ca.pem` lies there, and `ca-key.pem`, which only its owner may read
 * @param now ms since the epoch
 * @throws AuthorityError if its files cannot be read, written or used
 */
export async function openAuthority(folder: string, now: number): Promise<Authority> {
  const path = join(folder, FILE);
  const keyPath = join(folder, KEY_FILE);
  try {
    if (existsSync(path) && endsSoon(path, now)) rmSync(folder, { recursive: true });
    if (!existsSync(path)) await makeAuthority(folder, now);
    // A copy of the folder may have wider permissions.
    chmodSync(keyPath, 0o600);
    const [certificate, key] = [readFileSync(path, 'utf8'), readFileSync(keyPath, 'utf8')];
    if (!new NodeCertificate(certificate).checkPrivateKey(createPrivateKey(key)))
      throw new Error(`${KEY_FILE} is not the key of ${FILE}`);
    return { path, certificate, issue: (names, at) => issue(certificate, key, names, at) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AuthorityError(
      `The certificate authority in ${folder} cannot be used: ${why}. Delete it for a new one.`,
      {
        cause,
      },
    );
  }
}

function endsSoon(path: string, now: number): boolean {
  return Date.parse(new NodeCertificate(readFileSync(path, 'utf8')).validTo) < now + 30 * DAY;
}

/** X.509 is large, and only this option needs it. It stands on a polyfill that has to be there first. */
async function x509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function makeAuthority(folder: string, now: number): Promise<void> {
  const {
    BasicConstraintsExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    SubjectKeyIdentifierExtension,
    X509CertificateGenerator,
  } = await x509();
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Authwalk of one user',
      serialNumber: serialNumber(),
      notBefore: new Date(now - SKEW),
      notAfter: new Date(now + AUTHORITY_LASTS),
      signingAlgorithm: SIGNATURE,
      keys,
      extensions: [
        // It issues certificates of servers, and no further authorities.
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    crypto,
  );
  // Of several starts at once the first one wins: a folder appears whole or not at all.
  const mine = `${folder}.${process.pid}`;
  try {
    mkdirSync(mine, { recursive: true, mode: 0o700 });
    writeFileSync(join(mine, KEY_FILE), await pemOfKey(keys.privateKey), { mode: 0o600 });
    writeFileSync(join(mine, FILE), `${made.toString('pem')}\n`, { mode: 0o644 });
    renameSync(mine, folder);
  } catch (error) {
    if (!existsSync(join(folder, FILE))) throw error;
  } finally {
    rmSync(mine, { recursive: true, force: true });
  }
}

async function issue(
  authority: string,
  authorityKey: string,
  names: readonly string[],
  now: number,
): Promise<{ key: string; cert: string }> {
  const {
    AuthorityKeyIdentifierExtension,
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    SubjectAlternativeNameExtension,
    X509Certificate,
    X509CertificateGenerator,
  } = await x509();
  const issuer = new X509Certificate(authority);
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(authorityKey).export({ format: 'der', type: 'pkcs8' }),
    KEY,
    false,
    ['sign'],
  );
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.create(
    {
      subject: 'CN=Authwalk',
      issuer: issuer.subject,
      serialNumber: serialNumber(),
      notBefore: new Date(now - SKEW),
      notAfter: new Date(now + CERTIFICATE_LASTS),
      signingAlgorithm: SIGNATURE,
      signingKey,
      publicKey: keys.publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
        ),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ],
    },
    crypto,
  );
  return { key: await pemOfKey(keys.privateKey), cert: `${made.toString('pem')}\n${authority}` };
}

/** A positive number of 128 bits, in hexadecimal. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

async function pemOfKey(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
