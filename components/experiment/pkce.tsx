'use client';

import type { PkceView } from '#lib/guide/types.ts';
import { Value } from '../values/value.tsx';

/** PKCE before your eyes: random bytes, the verifier, its hash, the challenge. */
export function Pkce({ pkce }: { readonly pkce: PkceView }) {
  return (
    <ol className="making client" aria-label="How the challenge was made">
      <li>
        <span className="how">32 random bytes</span>
        <code className="bytes">{pairs(pkce.bytes)}</code>
      </li>
      <li>
        <span className="how">base64url</span>
        <code>
          <Value name="code_verifier" by="client">
            {pkce.verifier}
          </Value>
        </code>
        <span className="what">the verifier: stays here until step 5</span>
      </li>
      <li>
        <span className="how">SHA-256</span>
        <code className="bytes">{pairs(pkce.digest)}</code>
      </li>
      <li>
        <span className="how">base64url</span>
        <code>
          <Value name="code_challenge" by="client">
            {pkce.challenge}
          </Value>
        </code>
        <span className="what">the challenge: travels now</span>
      </li>
    </ol>
  );
}

/** Hex in pairs, so that bytes can be seen. */
function pairs(hex: string): string {
  return hex.replace(/(..)(?=.)/g, '$1 ');
}
