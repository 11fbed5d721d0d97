/** The reference, at the address where other servers have theirs. */
export { default, metadata } from '../reference/page.tsx';
