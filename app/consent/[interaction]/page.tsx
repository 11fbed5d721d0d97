import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { cache } from 'react';
import { consentPage } from '#lib/server/views/consent.ts';
import { Bar } from './_components/bar.tsx';
import { Sheet } from './_components/sheet.tsx';
import './consent.css';

interface Props {
  readonly params: Promise<{ interaction: string }>;
}

const load = cache(async (interaction: string) => consentPage(interaction, new Headers(await headers())));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await load((await params).interaction);
  const title = page.is === 'open' ? `${page.view.client.name} asks to act for you` : 'Nothing to decide here';
  return { title, robots: { index: false, follow: false }, referrer: 'same-origin' };
}

/** What the resource owner sees. */
export default async function Consent({ params }: Props) {
  const page = await load((await params).interaction);
  if (page.is === 'open')
    return (
      <>
        <Bar sandbox={page.sandbox} notes />
        <Sheet view={page.view} sandbox={page.sandbox} />
      </>
    );
  return (
    <>
      <Bar sandbox={null} notes={false} />
      <main id="main" className="sheet-gone">
        {page.is === 'gone' ? (
          <>
            <h1>This visit is over.</h1>
            <p className="lede">
              It was answered, or left open for too long; each request to a user can be answered once, and for half an
              hour.
            </p>
            <p className="known">
              Go back to the client and begin again. It makes a new request; nothing was granted here.
            </p>
          </>
        ) : (
          <>
            <h1>This is another browser’s question.</h1>
            <p className="lede">
              The page belongs to the browser in which it was opened first, and this one does not have its cookie.
            </p>
            <p className="known">
              Open it in that browser, with cookies on, or begin again from the client. If somebody sent you this link,
              close the page: nothing was granted.
            </p>
          </>
        )}
      </main>
    </>
  );
}
