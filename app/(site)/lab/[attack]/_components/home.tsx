'use client';

import { useState } from 'react';
import { Glyph } from '#components/values/glyph.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import type { LabSeen } from '#lib/guide/storage.ts';
import type { LabView } from '#lib/server/views/labs.ts';

/** What client and server must do, with clauses. It opens once both positions have been seen. */
export function Home({ view, seen }: { readonly view: LabView; readonly seen: LabSeen }) {
  const [early, setEarly] = useState(false);
  const { lab, clauses, links, next } = view;
  const isOpen = early || (seen.off !== undefined && seen.on !== undefined);
  return (
    <section className="home" aria-labelledby="take-home">
      <div className="figh">
        <h2 id="take-home">To take home</h2>
        {!isOpen && (
          <span className="cap">
            Opens when you have seen both.{' '}
            <button type="button" className="link" onClick={() => setEarly(true)}>
              Read it now
            </button>
          </span>
        )}
      </div>
      {isOpen && (
        <div className="home-grid">
          {(['client', 'server'] as const).map((side) => (
            <div key={side}>
              <h3>
                <span className={side === 'client' ? 'client' : 'as'}>
                  <Glyph hand={side === 'client' ? 'client' : 'as'} />
                </span>
                In your {side}
              </h3>
              <p className="say">
                <Prose text={lab.home[side]} />
              </p>
              <p className="cls">
                {lab.home.clauses[side].map((id) => {
                  const found = clauses[id];
                  return found ? <ClauseLink key={id} label={found.label} url={found.url} /> : null;
                })}
              </p>
            </div>
          ))}
          <div>
            <h3>Go on</h3>
            <ul className="see">
              {links.map((link) => (
                <li key={link.href}>
                  <a href={link.href}>
                    <Prose text={link.text} />
                  </a>
                  <small>{link.note}</small>
                </li>
              ))}
              {next && (
                <li>
                  <a href={`/lab/${next.id}`}>
                    <Prose text={next.title} />
                  </a>
                  <small>lab {next.number}</small>
                </li>
              )}
            </ul>
          </div>
        </div>
      )}
    </section>
  );
}
