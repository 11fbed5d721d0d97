'use client';

import { useEffect, useState } from 'react';
import { clauses } from '#lib/spec/clauses.ts';
import { ClauseLink } from '../values/prose.tsx';

interface TokenProps {
  readonly token: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly resource: string;
  /** Protocol time of the sandbox, ms. */
  readonly now: () => number;
}

interface Verified { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown>; readonly failed: string | null; readonly kid: string }

/** What a claim means, in as few words as will do. */
const meanings: Readonly<Record<string, string>> = {
  alg: 'how it is signed', typ: 'an access token, and nothing else', kid: 'which key of the JWKS',
  iss: 'who issued it', aud: 'who it is for: this and no other', sub: 'who said yes', client_id: 'who may use it', exp: 'until when', iat: 'since when', nbf: 'not before', jti: 'its own name', scope: 'what it opens', auth_time: 'when you signed in',
};

/** The access token, decoded and verified in this page against the issuer's public keys. */
export function Token({ token, issuer, jwksUri, resource, now }: TokenProps) {
  const [result, setResult] = useState<Verified | null>(null);
  const at = now();
  useEffect(() => {
    let alive = true;
    verify(token, issuer, jwksUri, resource, at).then((verified) => { if (alive) setResult(verified); });
    return () => { alive = false; };
    // The moment of looking is not a reason to look again.
    // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  }, [token, issuer, jwksUri, resource]);
  if (!result) return <p className="cap" role="status">Verifying the signature against the issuer’s keys</p>;
  const [header = '', claims = '', signature = ''] = token.split('.');
  return (
    <div className="token">
      <p className="parts m-code as"><span>{header}</span><b className="p">.</b><span className="v">{claims}</span><b className="p">.</b><span className="sig">{signature}</span></p>
      <div className="decoded">
        <Part title="Header" members={result.header} />
        <Part title="Claims" members={result.claims} />
      </div>
      <p className={result.failed ? 'verdict fault' : 'verdict'} role="status">
        {result.failed
          ? <><span className="mark" aria-hidden="true">×</span>{result.failed}</>
          : <>The signature is good under key <code>{result.kid}</code> of <code>{jwksUri.replace(/^https?:\/\/[^/]+/, '')}</code>; issuer, audience and time are right. Checked in this page, by nobody’s word. <ClauseLink label={clauses['rfc9068-4'].label} url={clauses['rfc9068-4'].url} /></>}
      </p>
    </div>
  );
}

function Part({ title, members }: { readonly title: string; readonly members: Record<string, unknown> }) {
  return (
    <section aria-label={title}>
      <h3 className="tiny dim">{title}</h3>
      <dl>
        {Object.entries(members).map(([name, value]) => (
          <div key={name}><dt className="m-code">{name}</dt><dd><code className="m-code">{Array.isArray(value) ? value.join(', ') : String(value)}</code>{meanings[name] && <span className="what">{meanings[name]}{typeof value === 'number' && ['exp', 'iat', 'nbf', 'auth_time'].includes(name) ? `, ${new Date(value * 1000).toLocaleTimeString('en-GB')}` : ''}</span>}</dd></div>
        ))}
      </dl>
    </section>
  );
}

async function verify(token: string, issuer: string, jwksUri: string, resource: string, at: number): Promise<Verified> {
  const { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, customFetch } = await import('jose');
  const header = decodeProtectedHeader(token) as Record<string, unknown>;
  const claims = decodeJwt(token) as Record<string, unknown>;
  const kid = String(header.kid ?? 'without a name');
  try {
    const keys = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: (url: string, init: RequestInit) => fetch(url, { ...init, credentials: 'omit' }) });
    await jwtVerify(token, keys, { issuer, audience: resource, currentDate: new Date(at) });
    return { header, claims, kid, failed: null };
  } catch (error) {
    return { header, claims, kid, failed: error instanceof Error ? error.message : 'The token could not be verified.' };
  }
}
