/**
 * Runs before the framework's own scripts. They would all be run in one task, in which the page hears nobody. React's
 * are run here, and the others in a task of their own.
 * @see docs/decisions/0050-a-page-opens-in-short-tasks.md
 */
import 'react-dom/client';

declare global {
  /** Scripts that Next's client runs first, one after the other (`beforeInteractive`): an address, and attributes. */
  var __next_s: [src: string | undefined, attributes: { children: string }][] | undefined;
}

// After a script without an address it waits for the next task.
globalThis.__next_s ??= [];
globalThis.__next_s.push([undefined, { children: '' }]);
