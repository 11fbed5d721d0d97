import { Brand } from '#components/site/brand.tsx';
import { NoPage } from '#components/site/no-page.tsx';
import { ThemeToggle } from '#components/site/theme-toggle.tsx';

export const metadata = { title: 'Page not found', robots: { index: false } };

/** Where nothing is. */
export default function NotFound() {
  return (
    <>
      <header className="top">
        <Brand />
        <div className="who">
          <ThemeToggle />
        </div>
      </header>
      <NoPage />
    </>
  );
}
