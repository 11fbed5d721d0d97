/** What no page needs before something was sent: who sends, the words of all reasons, and SHA-256 at once. */
export { reason } from '#lib/spec/reasons.ts';
export { s256 } from '#lib/exchange/digest.ts';
export { browserKeys } from './storage.ts';
export { Walker } from './walker.ts';
