/** The labs, in the order of the index. */
import type { Lab } from '../types.ts';
import { browserTokens } from './browser-tokens.ts';
import { codeInterception } from './code-interception.ts';
import { confusedDeputy } from './confused-deputy.ts';
import { consentClickjacking } from './consent-clickjacking.ts';
import { documentImpersonation } from './document-impersonation.ts';
import { documentSsrf } from './document-ssrf.ts';
import { jwtForgery } from './jwt-forgery.ts';
import { mixUp } from './mix-up.ts';
import { redirectCsrf } from './redirect-csrf.ts';
import { redirectTricks } from './redirect-tricks.ts';
import { refreshTheft } from './refresh-theft.ts';
import { stolenBearer } from './stolen-bearer.ts';
import { tokenReplay } from './token-replay.ts';

export const labs: readonly Lab[] = [
  codeInterception,
  redirectCsrf,
  mixUp,
  redirectTricks,
  tokenReplay,
  refreshTheft,
  stolenBearer,
  documentImpersonation,
  consentClickjacking,
  documentSsrf,
  confusedDeputy,
  jwtForgery,
  browserTokens,
];

/** The labs that lead to a rule of the report. */
export function labsAbout(rule: string): readonly Lab[] {
  return labs.filter(({ see }) => see.rules?.includes(rule));
}

/** The lab with this id; undefined if there is none. */
export function labOf(id: string): Lab | undefined {
  return labs.find((lab) => lab.id === id);
}
