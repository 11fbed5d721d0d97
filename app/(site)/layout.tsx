import type { ReactNode } from 'react';
import { Brand } from '#components/site/brand.tsx';
import { NavFold, NavWords } from '#components/site/nav.tsx';
import { ThemeToggle } from '#components/site/theme-toggle.tsx';

export default function SiteLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip ui" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <Brand />
        <NavWords />
        <div className="who ui">
          <ThemeToggle />
          <NavFold />
        </div>
      </header>
      <noscript>
        <p className="noscript ui">
          JavaScript is off. The pages can be read; what sends a request, or shows what arrives, needs JavaScript.
        </p>
      </noscript>
      {children}
    </>
  );
}
