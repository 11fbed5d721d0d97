/** All values that are not simply the JSON member of their own name. */
import { clientBasic, clientBasicUnescaped, clientBasicWrong } from './derive/client-basic.ts';
import { clientMetadataHost, clientMetadataUrl, clientMetadataUrlUpper } from './derive/client-metadata-url.ts';
import { idpIssuer, idpMetadataUrl } from './derive/idp.ts';
import { prmUrl, tamperedToken } from './derive/own-server.ts';
import { clientKey } from './make/client-key.ts';
import { codeVerifier } from './make/code-verifier.ts';
import { dpopKey } from './make/dpop-key.ts';
import { freshCodeVerifier } from './make/fresh-code-verifier.ts';
import { freshKey } from './make/fresh-key.ts';
import { freshNonce } from './make/fresh-nonce.ts';
import { nonce } from './make/nonce.ts';
import { state } from './make/state.ts';
import { asMetadataUrl } from './read/as-metadata-url.ts';
import { asNonce } from './read/as-nonce.ts';
import { challengedScope } from './read/challenged-scope.ts';
import { clientSecret } from './read/client-secret.ts';
import { code } from './read/code.ts';
import { dpopNonce } from './read/dpop-nonce.ts';
import { endpoints } from './read/endpoints.ts';
import { exchangedToken } from './read/exchanged-token.ts';
import { expiresIn } from './read/expires-in.ts';
import { foreignToken } from './read/foreign-token.ts';
import { grantedScope } from './read/granted-scope.ts';
import { idJag } from './read/id-jag.ts';
import { idToken } from './read/id-token.ts';
import { interaction } from './read/interaction.ts';
import { iss } from './read/iss.ts';
import { issuer } from './read/issuer.ts';
import { notes } from './read/notes.ts';
import { notesCount } from './read/notes-count.ts';
import { redirectUri } from './read/redirect-uri.ts';
import { resourceMetadataUrl } from './read/resource-metadata-url.ts';
import { sub } from './read/sub.ts';
import { subjectToken } from './read/subject-token.ts';
import { user } from './read/user.ts';
import type { Derive, Make, Read } from './value.ts';

/** Values that answers bring. */
export const reads: readonly Read[] = [
  asMetadataUrl,
  asNonce,
  challengedScope,
  clientSecret,
  code,
  dpopNonce,
  exchangedToken,
  expiresIn,
  foreignToken,
  grantedScope,
  idJag,
  idToken,
  interaction,
  iss,
  issuer,
  notes,
  notesCount,
  redirectUri,
  resourceMetadataUrl,
  sub,
  subjectToken,
  user,
  ...endpoints,
];
/** Values that the client makes. */
export const makes: readonly Make[] = [
  clientKey,
  codeVerifier,
  dpopKey,
  freshCodeVerifier,
  freshKey,
  freshNonce,
  nonce,
  state,
];
/** Values that follow from others. */
export const derives: readonly Derive[] = [
  clientBasic,
  clientBasicUnescaped,
  clientBasicWrong,
  clientMetadataHost,
  clientMetadataUrl,
  clientMetadataUrlUpper,
  idpIssuer,
  idpMetadataUrl,
  prmUrl,
  tamperedToken,
];

const byName: ReadonlyMap<string, Read> = new Map(reads.map((one) => [one.value, one]));

/** The reader of a value; undefined: it is the JSON member of its own name. */
export function readerOf(value: string): Read | undefined {
  return byName.get(value);
}
