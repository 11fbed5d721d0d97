import type { Step } from './step.ts';

/** A browser gets a new name when somebody signs in: what is bound to the old one is found without looking at all. */
export const browsers: Step = {
  statements: () => [
    'create index sessions_browser on sessions (browser_hash)',
    'create index interactions_browser on interactions (browser_hash)',
  ],
};
