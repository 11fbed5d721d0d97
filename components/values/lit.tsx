'use client';

import { useEffect, useRef } from 'react';
import { relatedNames } from '#lib/guide/values.ts';

/** All names that light together with this one; a value that was replaced lights alone. */
function kinOf(name: string): string[] {
  return name.includes('#') ? [name] : [...relatedNames(name)];
}

/**
 * Lights a value everywhere it appears while the pointer or the focus is on one of its places
 * (`data-v`, one or several names), and says to a screen reader in how many places that is.
 *
 * It writes one rule into a style sheet of its own, so that lighting costs no rendering and
 * works for whatever is drawn on the page.
 */
export function LitValues() {
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    let timer = 0;
    const show = (names: readonly string[]) => {
      const all = [...new Set(names.flatMap(kinOf))].map((name) => `[data-v~="${CSS.escape(name)}"]`);
      const lit = `:is(${all.join(',')})`;
      sheet.replaceSync(
        all.length === 0
          ? ''
          : `${lit}:not(#_) { --lit: 1 }
        .v${lit}, .litable${lit} { background-color: var(--wash, var(--well)); box-shadow: var(--lit-shadow) }
        .bead${lit} { fill: var(--line); stroke: var(--spot); stroke-width: 4; stroke-opacity: .4 }
        .life${lit} { stroke-width: 8 }
        @media (forced-colors: active) { .v${lit} { outline: 1px solid Highlight } }`,
      );
      return all;
    };
    const namesAt = (target: EventTarget | null): string[] => {
      const place = target instanceof Element ? target.closest('[data-v],[data-lights]') : null;
      return (place?.getAttribute('data-v') ?? place?.getAttribute('data-lights') ?? '').split(' ').filter(Boolean);
    };
    const over = (event: Event) => {
      const names = namesAt(event.target);
      if (names.length > 0 || event.type === 'mouseover')
        show(names.length > 0 ? names : namesAt(document.activeElement));
      if (event.type !== 'focusin' || names.length === 0) return;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const name = names[0] ?? '';
        const places = countPlaces(name);
        if (said.current && places > 1)
          said.current.textContent = `${name.replace(/#\d+$/, '').replaceAll('_', ' ')} appears in ${places} places`;
      }, 350);
    };
    const out = (event: Event) => {
      clearTimeout(timer);
      if (event.type === 'focusout') show([]);
    };
    document.addEventListener('mouseover', over);
    document.addEventListener('focusin', over);
    document.addEventListener('focusout', out);
    return () => {
      document.removeEventListener('mouseover', over);
      document.removeEventListener('focusin', over);
      document.removeEventListener('focusout', out);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      clearTimeout(timer);
    };
  }, []);
  return <p className="vh" role="status" ref={said} />;
}

/** Places on the page that show the value or what is derived from it; a drawing counts once a bead. */
function countPlaces(name: string): number {
  const selector = kinOf(name)
    .map((each) => `[data-v~="${CSS.escape(each)}"]`)
    .join(',');
  return [...document.querySelectorAll(selector)].filter((place) => place.checkVisibility?.() ?? true).length;
}
