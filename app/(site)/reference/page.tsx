import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Footer } from '#components/site/footer.tsx';
import { Prose } from '#components/values/prose.tsx';
import { reference } from '#lib/server/views/reference.ts';
import { Endpoint } from './_components/endpoint.tsx';
import { ErrorCodes } from './_components/errors.tsx';
import { Requirements } from './_components/requirements.tsx';
import './reference.css';

export const metadata: Metadata = {
  title: 'Reference',
  description:
    'Endpoints, parameters and errors of this server, each with an address of its own and the clause behind it.',
};

/** Endpoints, parameters and errors: made from the table that routes and the reasons that refuse. */
export default async function Reference() {
  const { origin, groups, errors, requirements } = await reference((await headers()).get('host'));
  return (
    <>
      <div className="ref">
        <nav className="ref-rail" aria-label="On this page">
          <ul>
            {groups.map((group) => (
              <li key={group.id}>
                <a href={`#${group.id}`}>{group.title}</a>
                <ul>
                  {firstOfEach(group.endpoints).map((endpoint) => (
                    <li key={endpoint.anchor}>
                      <a href={`#${endpoint.anchor}`}>{endpoint.title}</a>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
            <li>
              <a href="#errors">Errors</a>
            </li>
            <li>
              <a href="#requirements">Requirements</a>
              <ul>
                {requirements.map((group) => (
                  <li key={group.id}>
                    <a href={`#requirements-${group.id}`}>{group.title}</a>
                  </li>
                ))}
              </ul>
            </li>
          </ul>
        </nav>
        <main id="main" className="ref-main">
          <h1 className="title">Reference</h1>
          <p className="lede">
            What this server answers, made from the table by which it routes. Everything has an address of its own:
            point at a name, and link to it.
          </p>
          <p className="ref-base">
            <code>{'{base}'}</code> is <code>{origin}</code>, or{' '}
            <code>
              {origin}/s/{'{id}'}
            </code>{' '}
            in a sandbox: it is also the issuer.
          </p>
          {groups.map((group) => (
            <section key={group.id} className="ref-group" aria-labelledby={group.id}>
              <header className="figh">
                <h2 id={group.id}>
                  <a href={`#${group.id}`}>{group.title}</a>
                </h2>
                <p className="cap">
                  <Prose text={group.says} />
                </p>
              </header>
              {group.endpoints.map((endpoint) => (
                <Endpoint key={endpoint.anchor} endpoint={endpoint} />
              ))}
            </section>
          ))}
          <section className="ref-group" aria-labelledby="errors">
            <header className="figh">
              <h2 id="errors">
                <a href="#errors">Errors</a>
              </h2>
              <p className="cap">
                Where every <code>error_uri</code> leads: what a code means, what the client does next, and why this
                server sends it.
              </p>
            </header>
            <ErrorCodes errors={errors} />
          </section>
          <section className="ref-group" aria-labelledby="requirements">
            <header className="figh">
              <h2 id="requirements">
                <a href="#requirements">Requirements</a>
              </h2>
              <p className="cap">
                What this server claims to do. Each is cited by at least one test, or the tests fail.
              </p>
            </header>
            <Requirements groups={requirements} />
          </section>
        </main>
      </div>
      <Footer />
    </>
  );
}

/** One line in the contents for each endpoint, however many addresses it has. */
function firstOfEach<T extends { readonly anchor: string }>(endpoints: readonly T[]): T[] {
  return endpoints.filter((endpoint) => !/-\d+$/.test(endpoint.anchor));
}
