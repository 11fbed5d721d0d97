import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { VERIFIER } from '../codes.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The verifier has the right form. */
export const rule: Rule = {
  id: 'token.pkce-verifier-form',
  title: 'The verifier has the right form',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(7636, '4.1', 'Client Creates a Code Verifier'), oauth21('4.1.1', 'Authorization Request')],
  assessable: 'A token request with a verifier arrived.',
  pass: '43 to 128 characters out of letters, digits, hyphen, full stop, underscore and tilde.',
  fail: 'Another length or other characters.',
  evidence: 'Its length, and the first character that does not belong.',
  why: 'A short verifier can be guessed. Other characters get lost in encodings.',
  fix: 'Encode 32 random bytes in base64url without padding.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen }) => {
      const verifier = seen.param('code_verifier');
      if (!verifier) return null;
      const shown = parameter(seen, 'code_verifier', 'code_verifier', '43 to 128 unreserved characters');
      const odd = /[^A-Za-z0-9\-._~]/.exec(verifier)?.[0];
      if (VERIFIER.test(verifier)) return passSoFar('The verifier has the right form.', shown);
      return fail(
        odd === undefined
          ? `The verifier has ${verifier.length} characters.`
          : `The verifier has the character ${JSON.stringify(odd)}.`,
        shown,
      );
    }),
  );
}
