import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { Footer } from '#components/site/footer.tsx';
import { Script } from '#components/site/script.tsx';
import { Prose } from '#components/values/prose.tsx';
import { rules } from '#lib/coach/rules/index.ts';
import { knobViews } from '#lib/server/views/reference-knobs.ts';
import { type Reference, reference } from '#lib/server/views/reference.ts';
import { Endpoint } from '../_components/endpoint.tsx';
import { ErrorCodes } from '../_components/errors.tsx';
import { Find } from '../_components/find.tsx';
import { Knobs } from '../_components/knobs.tsx';
import { Rail } from '../_components/rail.tsx';
import { Requirements } from '../_components/requirements.tsx';
import { Rules } from '../_components/rules.tsx';
import '../reference.css';

interface PageProps {
  readonly params: Promise<{ group: string }>;
}

interface Sheet {
  readonly title: string;
  readonly says: string;
  readonly body: React.ReactNode;
}

/** What stands on a page of the reference; null if there is no such page. */
function sheetOf(all: Reference, id: string): Sheet | null {
  const group = all.groups.find((one) => one.id === id);
  if (group)
    return {
      title: group.title,
      says: group.says,
      body: group.endpoints.map((endpoint) => <Endpoint key={endpoint.anchor} endpoint={endpoint} />),
    };
  switch (id) {
    case 'errors':
      return {
        title: 'Errors',
        says:
          'Where every `error_uri` leads: what a code means, what the client does next, and why this ' +
          'server sends it.',
        body: <ErrorCodes errors={all.errors} />,
      };
    case 'rules':
      return {
        title: 'Rules for clients',
        says: 'What a report judges a client by. What cannot be judged surely is not observed.',
        body: <Rules />,
      };
    case 'knobs':
      return {
        title: 'Knobs',
        says: 'Strict by default, lenient only by name: what `config` of a sandbox takes.',
        body: <Knobs />,
      };
    case 'requirements':
      return {
        title: 'Requirements',
        says: 'What this server claims to do. At least one test cites each.',
        body: <Requirements groups={all.requirements} />,
      };
    default:
      return null;
  }
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const sheet = sheetOf(await reference((await headers()).get('host')), (await params).group);
  return { title: sheet ? `${sheet.title}, reference` : 'Page not found' };
}

/** One page of the reference: a group of endpoints, or one kind of thing. */
export default async function ReferenceGroup({ params }: PageProps) {
  const { group } = await params;
  const all = await reference((await headers()).get('host'));
  const sheet = sheetOf(all, group);
  if (!sheet) notFound();
  return (
    <>
      <div className="ref">
        <Rail reference={all} open={group} rules={rules.length} knobs={knobViews().length} />
        <main id="main" className="ref-main">
          <Find />
          <h1 className="title">{sheet.title}</h1>
          <p className="lede">
            <Prose text={sheet.says} />
          </p>
          <div className="ref-group">{sheet.body}</div>
        </main>
      </div>
      <Footer />
      <Script src="/pages.js" />
    </>
  );
}
