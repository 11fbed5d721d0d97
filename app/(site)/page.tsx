import { headers } from 'next/headers';
import { Footer } from '#components/site/footer.tsx';
import { Doors } from './_landing/doors.tsx';
import { RefusalFigure } from './_landing/refusal.tsx';
import { WholeRun } from './_landing/run.tsx';
import './landing.css';

/** The first page: everything on it is made by the server; the one small script is not the framework's. */
export default async function Landing() {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <>
      <main className="land" id="main">
        <section className="hero">
          <h1>
            It starts
            <br />
            with a <span className="mcp">401</span>.
          </h1>
          <p>
            While this page was being made, it asked an MCP server for a tool and was refused. The refusal says where to
            go next. Walk there one real request at a time; then send your own client the same way.
          </p>
        </section>
        <RefusalFigure />
        <WholeRun />
        <Doors />
      </main>
      <Footer />
      <script src="/first.js" defer nonce={nonce} suppressHydrationWarning />
      <script src="/leaders.js" defer nonce={nonce} suppressHydrationWarning />
    </>
  );
}
