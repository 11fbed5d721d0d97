'use client';

import { useEffect, useState } from 'react';
import { spans } from '#lib/guide/spans.ts';
import type { Bag } from '#lib/guide/types.ts';
import { type TokenView, verifyToken } from '#lib/guide/verify-token.ts';
import { clauses } from '#lib/spec/clauses.ts';
import { Icon } from '../values/glyph.tsx';
import { ClauseLink } from '../values/prose.tsx';
import { Spans } from '../values/value.tsx';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

interface TokenProps {
  readonly token: string;
  readonly bag: Bag;
  /** Protocol time of the sandbox, ms. */
  readonly now: () => number;
}

/** Which value a claim is, where two are the same string. */
const preferred: Readonly<Record<string, readonly string[]>> = {
  iss: ['issuer'],
  aud: ['resource'],
  scope: ['granted_scope', 'challenged_scope'],
  client_id: ['client_id'],
};

/** What a claim means, in as few words as will do. */
const meanings: Readonly<Record<string, string>> = {
  alg: 'how it is signed',
  typ: 'an access token, and nothing else',
  kid: 'which key of the JWKS',
  iss: 'who issued it',
  aud: 'who it is for: this and no other',
  sub: 'who said yes',
  client_id: 'who may use it',
  exp: 'until when',
  iat: 'since when',
  nbf: 'not before',
  jti: 'its own name',
  scope: 'what it opens',
  auth_time: 'when you signed in',
};

/** The access token, decoded and verified in this page against the issuer's public keys. */
export function Token({ token, bag, now }: TokenProps) {
  const [view, setView] = useState<TokenView | null>(null);
  const known = [bag.jwks_uri?.value, bag.issuer?.value, bag.resource?.value].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment of looking is no reason to look again
  useEffect(() => {
    let alive = true;
    void verifyToken(token, bag, { fetch: (url, init) => fetch(url, init), now: now() }).then((verified) => {
      if (alive) setView(verified);
    });
    return () => {
      alive = false;
    };
  }, [token, known]);
  if (!view)
    return (
      <p className="cap" role="status">
        Verifying the signature against the issuer’s keys
      </p>
    );
  const [header = '', claims = '', signature = ''] = token.split('.');
  return (
    <div className="token">
      {view.decoded && (
        <>
          <p className="parts m-code as">
            <span>{header}</span>
            <b className="p">.</b>
            <span className="v">{claims}</span>
            <b className="p">.</b>
            <span className="sig">{signature}</span>
          </p>
          <div className="decoded">
            <Part title="Header" members={view.decoded.header} bag={bag} />
            <Part title="Claims" members={view.decoded.claims} bag={bag} />
          </div>
        </>
      )}
      <ol className="checks" aria-label="What was verified, in this page">
        {view.checks.map((check) => (
          <li key={check.says} className={check.ok ? undefined : 'fault'}>
            <Icon name={check.ok ? 'tick' : 'cross'} />
            <span className="vh">{check.ok ? 'Yes: ' : 'No: '}</span>
            {check.says}
          </li>
        ))}
      </ol>
      <p className={view.checks.some((check) => !check.ok) ? 'verdict fault' : 'verdict'} role="status">
        {view.says} <ClauseLink label={clauses['rfc9068-4'].label} url={clauses['rfc9068-4'].url} />
      </p>
    </div>
  );
}

function Part({
  title,
  members,
  bag,
}: {
  readonly title: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly bag: Bag;
}) {
  return (
    <section aria-label={title}>
      <h3 className="tiny dim">{title}</h3>
      <dl>
        {Object.entries(members).map(([name, value]) => (
          <div key={name}>
            <dt className="m-code">{name}</dt>
            <dd>
              <code className="m-code">
                <Spans
                  spans={spans(
                    Array.isArray(value)
                      ? value.join(', ')
                      : typeof value === 'object'
                        ? JSON.stringify(value)
                        : String(value),
                    bag,
                    preferred[name] ?? [],
                  )}
                />
              </code>
              {meanings[name] && (
                <span className="what">
                  {meanings[name]}
                  {typeof value === 'number' && ['exp', 'iat', 'nbf', 'auth_time'].includes(name)
                    ? `, ${timeOfDay(value * 1000)}`
                    : ''}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
