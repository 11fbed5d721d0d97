/** All rules, in the order of the catalogue. A new one is a file here, an import and an entry. */
import type { Rule } from '../rule.ts';
import { rule as discoveryRespondsTo401 } from './discovery.responds-to-401.ts';
import { rule as discoveryPrmRequested } from './discovery.prm-requested.ts';
import { rule as discoveryPrmAddressFromChallenge } from './discovery.prm-address-from-challenge.ts';
import { rule as discoveryPrmWellKnownFallback } from './discovery.prm-well-known-fallback.ts';
import { rule as discoveryPrmPathBeforeRoot } from './discovery.prm-path-before-root.ts';
import { rule as discoveryPrmQueryKept } from './discovery.prm-query-kept.ts';
import { rule as discoveryPrmResourceValidated } from './discovery.prm-resource-validated.ts';
import { rule as discoveryPrmRefreshedOnChallenge } from './discovery.prm-refreshed-on-challenge.ts';
import { rule as discoveryAsMetadataRequested } from './discovery.as-metadata-requested.ts';
import { rule as discoveryAsMetadataOrder } from './discovery.as-metadata-order.ts';
import { rule as discoveryOidcFallback } from './discovery.oidc-fallback.ts';
import { rule as discoveryIssuerValidated } from './discovery.issuer-validated.ts';
import { rule as discoveryIssuerPathKept } from './discovery.issuer-path-kept.ts';
import { rule as discoveryPkceSupportChecked } from './discovery.pkce-support-checked.ts';
import { rule as discoveryEndpointsFromMetadata } from './discovery.endpoints-from-metadata.ts';
import { rule as discoveryUnknownMembersIgnored } from './discovery.unknown-members-ignored.ts';
import { rule as discoveryBaseUrl20250326 } from './discovery.base-url-2025-03-26.ts';
import { rule as discoveryDefaultEndpoints20250326 } from './discovery.default-endpoints-2025-03-26.ts';
import { rule as discoveryProtocolVersion20250326 } from './discovery.protocol-version-2025-03-26.ts';
import { rule as registrationCimdPreferred } from './registration.cimd-preferred.ts';
import { rule as registrationCimdOnlyIfSupported } from './registration.cimd-only-if-supported.ts';
import { rule as registrationCimdUrlValid } from './registration.cimd-url-valid.ts';
import { rule as registrationCimdDocumentReachable } from './registration.cimd-document-reachable.ts';
import { rule as registrationCimdClientIdMatches } from './registration.cimd-client-id-matches.ts';
import { rule as registrationCimdRequiredMembers } from './registration.cimd-required-members.ts';
import { rule as registrationCimdRedirectListed } from './registration.cimd-redirect-listed.ts';
import { rule as registrationCimdNoSharedSecret } from './registration.cimd-no-shared-secret.ts';
import { rule as registrationApplicationType } from './registration.application-type.ts';
import { rule as registrationApplicationTypeFits } from './registration.application-type-fits.ts';
import { rule as registrationRefreshGrantDeclared } from './registration.refresh-grant-declared.ts';
import { rule as registrationRefusalHeeded } from './registration.refusal-heeded.ts';
import { rule as registrationAnswerUsed } from './registration.answer-used.ts';
import { rule as registrationMethodEverywhere } from './registration.method-everywhere.ts';
import { rule as registrationBoundToIssuer } from './registration.bound-to-issuer.ts';
import { rule as registrationAnewAtNewIssuer } from './registration.anew-at-new-issuer.ts';
import { rule as registrationDeadClientDropped } from './registration.dead-client-dropped.ts';
import { rule as registrationKept } from './registration.kept.ts';
import { rule as authorizeClientIdIssued } from './authorize.client-id-issued.ts';
import { rule as authorizeResponseTypeCode } from './authorize.response-type-code.ts';
import { rule as authorizePkceChallenge } from './authorize.pkce-challenge.ts';
import { rule as authorizePkceS256 } from './authorize.pkce-s256.ts';
import { rule as authorizePkceChallengeForm } from './authorize.pkce-challenge-form.ts';
import { rule as authorizePkceFresh } from './authorize.pkce-fresh.ts';
import { rule as authorizeStatePresent } from './authorize.state-present.ts';
import { rule as authorizeStateFresh } from './authorize.state-fresh.ts';
import { rule as authorizeStateVerified } from './authorize.state-verified.ts';
import { rule as authorizeResource } from './authorize.resource.ts';
import { rule as authorizeResourceIdentifiesServer } from './authorize.resource-identifies-server.ts';
import { rule as authorizeResourceExact } from './authorize.resource-exact.ts';
import { rule as authorizeRedirectUriRegistered } from './authorize.redirect-uri-registered.ts';
import { rule as authorizeParametersOnce } from './authorize.parameters-once.ts';
import { rule as authorizeScopeFromChallenge } from './authorize.scope-from-challenge.ts';
import { rule as authorizeScopeFromPrm } from './authorize.scope-from-prm.ts';
import { rule as authorizeScopeOmitted } from './authorize.scope-omitted.ts';
import { rule as authorizeScopeMinimal } from './authorize.scope-minimal.ts';
import { rule as authorizeScopeSeparated } from './authorize.scope-separated.ts';
import { rule as authorizeOfflineAccessListed } from './authorize.offline-access-listed.ts';
import { rule as authorizeStepUpScope } from './authorize.step-up-scope.ts';
import { rule as authorizeStepUpUnion } from './authorize.step-up-union.ts';
import { rule as authorizeStepUpLimit } from './authorize.step-up-limit.ts';
import { rule as authorizeRejectionLimit } from './authorize.rejection-limit.ts';
import { rule as authorizeDenialRespected } from './authorize.denial-respected.ts';
import { rule as authorizeIssValidated } from './authorize.iss-validated.ts';
import { rule as authorizeIssRequiredWhenAdvertised } from './authorize.iss-required-when-advertised.ts';
import { rule as authorizeIssComparedAsString } from './authorize.iss-compared-as-string.ts';
import { rule as authorizeIssOptionalAccepted } from './authorize.iss-optional-accepted.ts';
import { rule as tokenFormEncoded } from './token.form-encoded.ts';
import { rule as tokenParametersOnce } from './token.parameters-once.ts';
import { rule as tokenPkceVerifier } from './token.pkce-verifier.ts';
import { rule as tokenPkceVerifierMatches } from './token.pkce-verifier-matches.ts';
import { rule as tokenPkceVerifiersApart } from './token.pkce-verifiers-apart.ts';
import { rule as tokenPkceVerifierForm } from './token.pkce-verifier-form.ts';
import { rule as tokenCodeOnce } from './token.code-once.ts';
import { rule as tokenCodePresent } from './token.code-present.ts';
import { rule as tokenPublicClientId } from './token.public-client-id.ts';
import { rule as tokenAuthMethod } from './token.auth-method.ts';
import { rule as tokenOneAuthMethod } from './token.one-auth-method.ts';
import { rule as tokenBasicEncoding } from './token.basic-encoding.ts';
import { rule as tokenResource } from './token.resource.ts';
import { rule as tokenResourceConsistent } from './token.resource-consistent.ts';
import { rule as tokenRedirectUriSame } from './token.redirect-uri-same.ts';
import { rule as tokenVariationsTolerated } from './token.variations-tolerated.ts';
import { rule as tokenUnknownTypeRefused } from './token.unknown-type-refused.ts';
import { rule as tokenRetryAfterHeeded } from './token.retry-after-heeded.ts';
import { rule as tokenAssertionValid } from './token.assertion-valid.ts';
import { rule as tokenAssertionAudienceIssuer } from './token.assertion-audience-issuer.ts';
import { rule as tokenClientCredentialsGrant } from './token.client-credentials-grant.ts';
import { rule as tokenIdJagExchange } from './token.id-jag-exchange.ts';
import { rule as tokenIdJagPresented } from './token.id-jag-presented.ts';
import { rule as tokenWorkloadAssertion } from './token.workload-assertion.ts';
import { rule as tokenNoGrantFallback } from './token.no-grant-fallback.ts';
import { rule as resourceTokenInHeader } from './resource.token-in-header.ts';
import { rule as resourceNoPlaceholderToken } from './resource.no-placeholder-token.ts';
import { rule as resourceTokenInEveryRequest } from './resource.token-in-every-request.ts';
import { rule as resourceTokenUsed } from './resource.token-used.ts';
import { rule as resourceTokenOfThisIssuer } from './resource.token-of-this-issuer.ts';
import { rule as resourceRefusedTokenDropped } from './resource.refused-token-dropped.ts';
import { rule as resourceRecovers } from './resource.recovers.ts';
import { rule as refreshUsed } from './refresh.used.ts';
import { rule as refreshNewTokenReplacesOld } from './refresh.new-token-replaces-old.ts';
import { rule as refreshSingleFlight } from './refresh.single-flight.ts';
import { rule as refreshOldTokenKept } from './refresh.old-token-kept.ts';
import { rule as refreshScopeWithinGrant } from './refresh.scope-within-grant.ts';
import { rule as refreshSameClient } from './refresh.same-client.ts';
import { rule as refreshAuthenticated } from './refresh.authenticated.ts';
import { rule as refreshDeadTokenDropped } from './refresh.dead-token-dropped.ts';
import { rule as refreshSurvivesOutage } from './refresh.survives-outage.ts';
import { rule as refreshNotAssumed } from './refresh.not-assumed.ts';
import { rule as refreshResource } from './refresh.resource.ts';
import { rule as dpopProofInTokenRequest } from './dpop.proof-in-token-request.ts';
import { rule as dpopProofForm } from './dpop.proof-form.ts';
import { rule as dpopScheme } from './dpop.scheme.ts';
import { rule as dpopProofPerRequest } from './dpop.proof-per-request.ts';
import { rule as dpopAth } from './dpop.ath.ts';
import { rule as dpopKeyOfToken } from './dpop.key-of-token.ts';
import { rule as dpopAsNonce } from './dpop.as-nonce.ts';
import { rule as dpopRsNonce } from './dpop.rs-nonce.ts';
import { rule as dpopNonceFollowed } from './dpop.nonce-followed.ts';
import { rule as deviceRequest } from './device.request.ts';
import { rule as deviceTokenRequest } from './device.token-request.ts';
import { rule as deviceInterval } from './device.interval.ts';
import { rule as deviceSlowDown } from './device.slow-down.ts';
import { rule as deviceStops } from './device.stops.ts';
import { rule as deviceGoesOn } from './device.goes-on.ts';
import { rule as deviceBacksOff } from './device.backs-off.ts';
import { rule as deviceNoAutomaticRestart } from './device.no-automatic-restart.ts';
import { rule as securityTokenNotInUrl } from './security.token-not-in-url.ts';
import { rule as securitySecretNotInUrl } from './security.secret-not-in-url.ts';
import { rule as securityRedirectUriProtected } from './security.redirect-uri-protected.ts';
import { rule as securityRefreshTokenConfined } from './security.refresh-token-confined.ts';
import { rule as securityNoPasswordGrant } from './security.no-password-grant.ts';

/** Rises with each change of a rule that a reader of reports would notice. */
export const CATALOGUE_VERSION = 2;

export const rules: readonly Rule[] = [
  discoveryRespondsTo401,
  discoveryPrmRequested,
  discoveryPrmAddressFromChallenge,
  discoveryPrmWellKnownFallback,
  discoveryPrmPathBeforeRoot,
  discoveryPrmQueryKept,
  discoveryPrmResourceValidated,
  discoveryPrmRefreshedOnChallenge,
  discoveryAsMetadataRequested,
  discoveryAsMetadataOrder,
  discoveryOidcFallback,
  discoveryIssuerValidated,
  discoveryIssuerPathKept,
  discoveryPkceSupportChecked,
  discoveryEndpointsFromMetadata,
  discoveryUnknownMembersIgnored,
  discoveryBaseUrl20250326,
  discoveryDefaultEndpoints20250326,
  discoveryProtocolVersion20250326,
  registrationCimdPreferred,
  registrationCimdOnlyIfSupported,
  registrationCimdUrlValid,
  registrationCimdDocumentReachable,
  registrationCimdClientIdMatches,
  registrationCimdRequiredMembers,
  registrationCimdRedirectListed,
  registrationCimdNoSharedSecret,
  registrationApplicationType,
  registrationApplicationTypeFits,
  registrationRefreshGrantDeclared,
  registrationRefusalHeeded,
  registrationAnswerUsed,
  registrationMethodEverywhere,
  registrationBoundToIssuer,
  registrationAnewAtNewIssuer,
  registrationDeadClientDropped,
  registrationKept,
  authorizeClientIdIssued,
  authorizeResponseTypeCode,
  authorizePkceChallenge,
  authorizePkceS256,
  authorizePkceChallengeForm,
  authorizePkceFresh,
  authorizeStatePresent,
  authorizeStateFresh,
  authorizeStateVerified,
  authorizeResource,
  authorizeResourceIdentifiesServer,
  authorizeResourceExact,
  authorizeRedirectUriRegistered,
  authorizeParametersOnce,
  authorizeScopeFromChallenge,
  authorizeScopeFromPrm,
  authorizeScopeOmitted,
  authorizeScopeMinimal,
  authorizeScopeSeparated,
  authorizeOfflineAccessListed,
  authorizeStepUpScope,
  authorizeStepUpUnion,
  authorizeStepUpLimit,
  authorizeRejectionLimit,
  authorizeDenialRespected,
  authorizeIssValidated,
  authorizeIssRequiredWhenAdvertised,
  authorizeIssComparedAsString,
  authorizeIssOptionalAccepted,
  tokenFormEncoded,
  tokenParametersOnce,
  tokenPkceVerifier,
  tokenPkceVerifierMatches,
  tokenPkceVerifiersApart,
  tokenPkceVerifierForm,
  tokenCodeOnce,
  tokenCodePresent,
  tokenPublicClientId,
  tokenAuthMethod,
  tokenOneAuthMethod,
  tokenBasicEncoding,
  tokenResource,
  tokenResourceConsistent,
  tokenRedirectUriSame,
  tokenVariationsTolerated,
  tokenUnknownTypeRefused,
  tokenRetryAfterHeeded,
  tokenAssertionValid,
  tokenAssertionAudienceIssuer,
  tokenClientCredentialsGrant,
  tokenIdJagExchange,
  tokenIdJagPresented,
  tokenWorkloadAssertion,
  tokenNoGrantFallback,
  resourceTokenInHeader,
  resourceNoPlaceholderToken,
  resourceTokenInEveryRequest,
  resourceTokenUsed,
  resourceTokenOfThisIssuer,
  resourceRefusedTokenDropped,
  resourceRecovers,
  refreshUsed,
  refreshNewTokenReplacesOld,
  refreshSingleFlight,
  refreshOldTokenKept,
  refreshScopeWithinGrant,
  refreshSameClient,
  refreshAuthenticated,
  refreshDeadTokenDropped,
  refreshSurvivesOutage,
  refreshNotAssumed,
  refreshResource,
  dpopProofInTokenRequest,
  dpopProofForm,
  dpopScheme,
  dpopProofPerRequest,
  dpopAth,
  dpopKeyOfToken,
  dpopAsNonce,
  dpopRsNonce,
  dpopNonceFollowed,
  deviceRequest,
  deviceTokenRequest,
  deviceInterval,
  deviceSlowDown,
  deviceStops,
  deviceGoesOn,
  deviceBacksOff,
  deviceNoAutomaticRestart,
  securityTokenNotInUrl,
  securitySecretNotInUrl,
  securityRedirectUriProtected,
  securityRefreshTokenConfined,
  securityNoPasswordGrant,
];
