'use client';

import { useEffect, useRef, useState } from 'react';
import { Trouble } from '#components/controls/trouble.tsx';
import { useTask } from '#components/controls/use-task.ts';
import { Icon } from '#components/values/glyph.tsx';
import { createControl } from '#lib/client/control.ts';
import '#components/controls/controls.css';
import { DEFAULT_TTL, lifeInWords } from '#lib/spec/lifetimes.ts';
import { forget, keep, type KeptSandbox, readKept, readWalked } from '#lib/guide/storage.ts';

/** Makes a sandbox by one click, and lists those whose control token this browser keeps. */
export function Start() {
  const { busy, trouble, run } = useTask();
  const [kept, setKept] = useState<readonly KeptSandbox[]>([]);
  const [walked, setWalked] = useState<readonly KeptSandbox[]>([]);
  useEffect(() => {
    setKept(readKept(localStorage));
    setWalked(readWalked(localStorage));
  }, []);
  const make = () =>
    run(async () => {
      const made = await createControl('/api/sandboxes', null).call<{ id: string; control_token: string }>(
        'POST',
        '',
        {},
      );
      keep(localStorage, { id: made.id, token: made.control_token, at: Date.now() });
      window.location.assign(`/sandbox/${made.id}`);
    });
  // Enter does it wherever it has no meaning of its own: the button says so.
  const go = useRef(make);
  go.current = make;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.repeat || event.defaultPrevented || event.target !== document.body) return;
      void go.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  const others = walked.filter((one) => !kept.some(({ id }) => id === one.id));
  return (
    <>
      <p className="make">
        <button
          type="button"
          className="go"
          aria-busy={busy || undefined}
          onClick={() => {
            void make();
          }}
        >
          {busy ? 'Making it' : 'Make a sandbox'}
          <kbd>
            <Icon name="enter" />
          </kbd>
        </button>
      </p>
      <p className="say">
        No account. It is gone {lifeInWords(DEFAULT_TTL)} after its last use. A client that talks to the address of this
        server itself is in the sandbox <code>default</code>: <a href="/sandbox/default">watch what arrives there</a>.
      </p>
      <Trouble says={trouble} />
      {kept.length + others.length > 0 && (
        <section className="kept" aria-labelledby="kept-h">
          <div className="figh">
            <h2 id="kept-h">Your sandboxes in this browser</h2>
          </div>
          <ul>
            {kept.map((one) => (
              <li key={one.id}>
                <a href={`/sandbox/${one.id}`}>
                  <code>{one.id}</code>
                </a>
                <span className="tiny dim num">
                  {new Date(one.at).toLocaleString('en-GB', {
                    day: 'numeric',
                    month: 'short',
                    hour: '2-digit',
                    minute: '2-digit',
                  })}
                </span>
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    forget(localStorage, one.id);
                    setKept(readKept(localStorage));
                  }}
                >
                  Forget<span className="vh"> {one.id}</span>
                </button>
              </li>
            ))}
            {others.map((one) => (
              <li key={one.id}>
                <a href={`/sandbox/${one.id}#control=${one.token}`}>
                  <code>{one.id}</code>
                </a>
                <span className="tiny dim">used by the guide</span>
                <span />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
