/**
 * Parts that are loaded with the first request of a run, so that the page that only shows it stays small. What is
 * shown is worked out without waiting: a run that has sent something loads them before it shows its state.
 */
type Later = typeof import('./later-parts.ts');

let parts: Later | null = null;

/** Loads them, once. */
export async function loadLater(): Promise<Later> {
  parts ??= await import('./later-parts.ts');
  return parts;
}

/** What was loaded; null if nothing was sent yet. */
export const later = (): Later | null => parts;
