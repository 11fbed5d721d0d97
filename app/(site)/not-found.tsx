import { NoPage } from '#components/site/no-page.tsx';

export const metadata = { title: 'Page not found', robots: { index: false } };

/** Below the header of the site, which its layout draws. */
export default function NotFound() {
  return <NoPage />;
}
