/** Rules that measure real time: on a busy machine they are judged again alone, once, before they fail. */
export const RULES_OF_TIME: ReadonlySet<string> = new Set([
  'token.retry-after-heeded',
  'resource.refused-token-dropped',
  'resource.recovers',
  'refresh.new-token-replaces-old',
  'refresh.single-flight',
  'device.interval',
  'device.slow-down',
  'device.backs-off',
  'device.no-automatic-restart',
]);
