/**
 * What an exchange says: the one place where recorded requests and answers are read. Others import
 * this file and not those of `read/`.
 *
 * Everything here takes hostile text and never throws. What is parsed is parsed once for each message.
 */
export {
  type PresentedToken,
  tokenOf,
  basicOf,
  type DecodedToken,
  decodeToken,
  audienceOf,
  namedClientOf,
  claimedClientOf,
  clientOf,
} from './read/credentials.ts';
export {
  type WithRequest,
  type WithMessages,
  type JsonObject,
  type Parameters,
  headerOf,
  headersOf,
  mediaTypeOf,
  queryOfUrl,
  queryOf,
  formOf,
  parseJson,
  parseObject,
  isObject,
  jsonOf,
  parametersOf,
  parameterOf,
} from './read/message.ts';
export { type Redirect, redirectOf, interactionOf } from './read/redirect.ts';
export { challengesOf, tokenChallengeOf, errorOf, errorDescriptionOf, isRefused } from './read/refusal.ts';
export { type RpcRequest, rpcOf, parseEvents, answerOf, toolResultOf, revisionOf } from './read/rpc.ts';
export { type Step, RESOURCE_ENDPOINTS, stepOf, scopeOf, traceIdOf, codeLifetimeOf } from './read/step.ts';
