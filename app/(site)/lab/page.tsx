import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { Glyph, handNames } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { plainText } from '#lib/guide/text.ts';
import { labs } from '#lib/labs/attacks/index.ts';
import type { Lab } from '#lib/labs/types.ts';
import { GoOnLab, LabState } from './_components/progress.tsx';
import { Specimen } from './_components/specimen.tsx';
import '#components/wire/wire.css';
import './lab-wire.css';

export const metadata: Metadata = {
  title: 'Labs',
  description: 'Attacks on OAuth, each run for real in a sandbox of your own: without the defence, then with it.',
};

const NOTHING_LEAVES =
  'Mallory is a made-up user, and her servers are issuers and resources of the same sandbox. Her hosts end in ' +
  '`.example`, which belongs to nobody. A lab shows where a redirect would go, and does not follow it.';

const NUMBERS: Readonly<Record<number, string>> = { 10: 'Ten', 11: 'Eleven', 12: 'Twelve', 13: 'Thirteen' };

/** All labs as small multiples of the same wire. */
export default function Labs() {
  return (
    <>
      <main id="main" className="lab-index">
        <header className="lab-index-head">
          <div>
            <h1 className="title">Labs</h1>
            <p className="lede">
              {NUMBERS[labs.length] ?? labs.length} attacks, each run for real in a sandbox of your own: first without
              the defence, then with it. The attack stays the same. The answer does not.
            </p>
            <GoOnLab labs={labs.map(({ id, number, title }) => ({ id, number, title: plainText(title) }))} />
          </div>
          <Key />
        </header>
        <ol className="specs">
          {labs.map((lab) => (
            <Entry key={lab.id} lab={lab} />
          ))}
        </ol>
        <div className="lab-rest">
          <section aria-labelledby="nothing-leaves">
            <div className="figh">
              <h2 id="nothing-leaves">Nothing leaves the sandbox</h2>
            </div>
            <p>
              <Prose text={NOTHING_LEAVES} />
            </p>
          </section>
          <section aria-labelledby="own-client">
            <div className="figh">
              <h2 id="own-client">And your own client?</h2>
            </div>
            <p>
              Most labs end at a rule that a report checks. Connect a client to a sandbox, and see which of these
              attacks it would have noticed.
            </p>
            <a className="btn" href="/sandbox">
              Test a client
            </a>
          </section>
        </div>
      </main>
      <Footer />
    </>
  );
}

function Entry({ lab }: { readonly lab: Lab }) {
  const title = plainText(lab.title);
  return (
    <li>
      <Specimen strokes={lab.specimen} title={`${title}: ${plainText(lab.line)}`} />
      <h2>
        <i>{lab.number}</i>
        <a href={`/lab/${lab.id}`}>
          <Prose text={lab.title} />
        </a>
      </h2>
      <p className="line">
        <Prose text={lab.line} />
      </p>
      <p className="by">
        <small>stopped by</small>
        {lab.defence.by.map((hand) => (
          <span key={hand} className={hand}>
            <Glyph hand={hand} />
          </span>
        ))}
        <Prose text={lab.defence.short} />
      </p>
      <p className="state">
        <LabState lab={lab.id} />
        <span>{lab.minutes} min</span>
      </p>
    </li>
  );
}

/** What the marks of the drawings mean. */
function Key() {
  return (
    <ul className="lab-key">
      <li className="all">
        {(['you', 'client', 'as', 'mcp'] as const).map((hand) => (
          <span key={hand} className={`hand ${hand}`}>
            <Glyph hand={hand} />
            {handNames[hand].short}
          </span>
        ))}
      </li>
      <li className="fox attacker">
        <Glyph hand="attacker" />
        Mallory: her lane is outside
      </li>
      <li>
        <svg className="wire" viewBox="0 0 52 20" aria-hidden="true">
          <g className="ar attacker">
            <path className="sh twice" d="M4 10H42" />
            <path className="sh inner key-inner" d="M4 10H42" />
            <path className="hd" d="M41 6.4 48 10 41 13.6Z" />
          </g>
        </svg>
        what she sends: a double line
      </li>
      <li>
        <svg className="wire" viewBox="0 0 52 20" aria-hidden="true">
          <g className="ar attacker">
            <path className="sh twice" d="M12 10H48" />
            <path className="sh inner key-inner" d="M12 10H48" />
            <path className="open" d="M10 5.5 4 10 10 14.5" />
          </g>
        </svg>
        what she only sees
      </li>
      <li>
        <svg className="wire" viewBox="0 0 52 20" aria-hidden="true">
          <g className="ar attacker">
            <path className="sh twice" d="M4 10H36" />
            <path className="sh inner key-inner" d="M4 10H36" />
            <path className="hd" d="M35 6.4 42 10 35 13.6Z" />
            <path className="stop" d="M46 2v16" />
          </g>
        </svg>
        where the defence stops it
      </li>
      <li>
        <svg className="wire" viewBox="0 0 52 20" aria-hidden="true">
          <g className="ar as pale" opacity=".42">
            <path className="sh" d="M10 10H48" />
            <path className="hd" d="M11 6.4 4 10 11 13.6Z" />
          </g>
        </svg>
        what follows without it
      </li>
    </ul>
  );
}
