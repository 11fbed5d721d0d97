import { startTransition, useEffect, useState } from 'react';
import type { snippetOf } from './snippets.ts';

const none = (): null => null;

/**
 * What writes exchanges as curl, fetch, SDK and HAR: loaded with the first exchange, not with the page.
 * @param wanted whether there is an exchange to write
 */
export function useSnippets(wanted: boolean): typeof snippetOf {
  const [write, setWrite] = useState<typeof snippetOf | null>(null);
  useEffect(() => {
    if (wanted) void import('./snippets.ts').then((module) => startTransition(() => setWrite(() => module.snippetOf)));
  }, [wanted]);
  return write ?? none;
}
