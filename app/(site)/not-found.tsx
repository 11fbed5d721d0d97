import { Stray } from '#components/site/stray.tsx';

export const metadata = { title: 'Page not found', robots: { index: false } };

/** Below the header of the site, which its layout draws. */
export default function NotFound() {
  return <Stray />;
}
