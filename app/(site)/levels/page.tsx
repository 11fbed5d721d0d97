import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { Prose } from '#components/values/prose.tsx';
import { listLevels } from '#lib/labs/levels/load.ts';
import { GoOnWithLevels, LevelState, SolvedCount } from './_components/so-far.tsx';
import './levels.css';

export const metadata: Metadata = {
  title: 'Levels',
  description: 'Fourteen goals in OAuth 2.1, each judged by a real server: reach it in as few requests as you can.',
};

/** All levels: what each asks for, its par, and how it ended in this browser. */
export default function Levels() {
  const levels = listLevels();
  return (
    <>
      <main id="main" className="sheet-page levels-index">
        <header className="levels-head">
          <div>
            <h1 className="title">Levels</h1>
            <p className="lede">
              Each level is a state of a server to be reached. You choose the requests, the server judges, and every
              move can be taken back. A hint and the solution are there when you want them.
            </p>
          </div>
          <div>
            <GoOnWithLevels levels={levels.map(({ id, number, title }) => ({ id, number, title }))} />
            <p className="note">
              <SolvedCount ids={levels.map(({ id }) => id)} /> Par counts requests to the sandbox: fewer is better, and
              nobody keeps a score.
            </p>
          </div>
        </header>
        <ol className="level-list">
          {levels.map((level) => (
            <li key={level.id}>
              <i>{level.number}</i>
              <div>
                <h2>
                  <a href={`/levels/${level.id}`}>{level.title}</a>
                </h2>
                <p>
                  <Prose text={level.says} />
                </p>
              </div>
              <p className="note">par {level.par}</p>
              <LevelState id={level.id} par={level.par} teaches={level.teaches} />
            </li>
          ))}
        </ol>
        <p className="note levels-more">
          Where to begin: <a href="/guide/authorization-code">the main walk</a> shows every request that the levels use.
          Teachers <a href="/guide/editor">write their own</a>, on a local instance.
        </p>
      </main>
      <Footer />
    </>
  );
}
