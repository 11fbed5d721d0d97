import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Footer } from '#components/site/footer.tsx';
import { Script } from '#components/site/script.tsx';
import { documents } from '#lib/server/views/docs/library.ts';
import { Contents } from './_components/contents.tsx';
import { Overview } from './_components/overview.tsx';
import { Rail } from './_components/rail.tsx';
import '../docs.css';

interface PageProps {
  readonly params: Promise<{ readonly path?: readonly string[] }>;
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { path } = await params;
  const document = path === undefined ? undefined : documents().get(path.join('/'));
  return {
    title: document === undefined ? 'Docs' : document.title,
    description: document?.says ?? 'How to use Authwalk: learn, test a client, automate, run it for others.',
  };
}

/** The documents of the repository: the contents with their search, or one of them. */
export default async function Docs({ params, searchParams }: PageProps) {
  const { path } = await params;
  if (path === undefined) {
    const { q } = await searchParams;
    return (
      <Frame open={null}>
        <Overview question={typeof q === 'string' ? q : ''} />
      </Frame>
    );
  }
  const document = documents().get(path.join('/'));
  if (document === undefined) notFound();
  return (
    <Frame open={document.slug}>
      <h1 className="title">{document.title}</h1>
      <Contents document={document} />
      {/* Rendered by lib/server/views/docs/render.ts, which lets no HTML of the text through. */}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the markup is made here, from tokens. */}
      <article className="doc-text" dangerouslySetInnerHTML={{ __html: document.html }} />
    </Frame>
  );
}

function Frame({ open, children }: { readonly open: string | null; readonly children: React.ReactNode }) {
  return (
    <>
      <div className="doc">
        <Rail open={open} />
        <main id="main" className="doc-main">
          {children}
        </main>
      </div>
      <Footer />
      <Script src="/pages.js" />
    </>
  );
}
