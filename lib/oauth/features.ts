/**
 * What is built. The metadata, the registration and the dispatcher name nothing that does not work,
 * so an endpoint or grant stands here only once it does.
 */
export const features = {
  introspection: true,
  pushedAuthorizationRequests: true,
  deviceAuthorization: true,
  endSession: true,
  dpop: true,
} as const satisfies Record<string, boolean>;
