'use client';

import { useEffect } from 'react';

/**
 * The theme and its switch, for a page that is not found. The server sends such a page empty and the browser draws it,
 * and a script that React draws in the browser does not run.
 */
export function LateTheme() {
  useEffect(() => {
    if (document.documentElement.dataset.themeChoice !== undefined) return;
    const script = document.createElement('script');
    script.src = '/theme.js';
    document.head.append(script);
  }, []);
  return null;
}
