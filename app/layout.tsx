import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Authwalk: watch OAuth happen, then test your own client', template: '%s · Authwalk' },
  description:
    'A real OAuth 2.1 authorization server with real MCP servers behind it: walk through it request by ' +
    'request, then test your own client against it.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfbf9' },
    { media: '(prefers-color-scheme: dark)', color: '#11161a' },
  ],
};

/** The faces of the first screen of every page; the display face comes with the style sheet where a title needs it. */
const faces = ['serif', 'sans', 'mono'];

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme script sets an attribute before React sees the element.
    <html lang="en-GB" suppressHydrationWarning>
      <head>
        {faces.map((face) => (
          <link
            key={face}
            rel="preload"
            href={`/fonts/${face}.woff2`}
            as="font"
            type="font/woff2"
            crossOrigin="anonymous"
          />
        ))}
        {/* Blocking on purpose: it decides the theme before the first paint. */}
        <script src="/theme.js" nonce={nonce} suppressHydrationWarning />
      </head>
      <body>{children}</body>
    </html>
  );
}
