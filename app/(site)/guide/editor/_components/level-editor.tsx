'use client';

import { useEffect, useRef, useState } from 'react';
import { CopyWords } from '#components/values/copy.tsx';
import { Prose } from '#components/values/prose.tsx';
import { memoryKeys } from '#lib/guide/proofs.ts';
import { isBrokenOwn, ownLink, ownText } from '#lib/labs/levels/own.ts';
import { type Proof, proveLevel } from '#lib/labs/levels/prove.ts';
import type { Level } from '#lib/labs/levels/types.ts';
import { LevelBody } from '../../../levels/[id]/_components/level-page.tsx';
import { useLevel } from '../../../levels/[id]/_components/use-level.ts';
import { type Checked, useCheck } from './use-check.ts';

/** The text of a level, what is wrong with it, and the level itself. */
export function LevelEditor({ first, origin }: { readonly first: string; readonly origin: string }) {
  const [text, setText] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const look = () => {
      setText(ownText(window.location.hash) ?? first);
      setBroken(isBrokenOwn(window.location.hash));
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [first]);
  const checked = useCheck(text);
  const toLine = (line: number) => {
    const field = area.current;
    if (!field) return;
    const lines = field.value.split('\n');
    const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  };
  return (
    <main id="main" className="editor" tabIndex={-1}>
      <header>
        <h1 className="title">Write a level</h1>
        <p className="lede">
          In YAML. Begin by changing level 7, which stands here. It is checked while you write, and its solution is
          played against a real sandbox. Save it as a file, or hand it on as a link: nothing is kept at the server.
        </p>
        {isBroken && (
          <p role="alert" className="trouble">
            The level of this address cannot be read: part of it is missing, or it is too long. Level 7 stands here
            instead. Ask for the whole link.
          </p>
        )}
        <p className="note">
          What a level may say: <a href="/docs/recipes#add-a-level">the recipe</a>.
        </p>
      </header>
      <div className="sides">
        <section aria-labelledby="text-h">
          <div className="figh">
            <h2 id="text-h">The text</h2>
            <div className="end">
              <button type="button" className="btn" disabled={text === null} onClick={() => save(checked, text ?? '')}>
                Save as a file
              </button>
              <CopyWords text={() => `${window.location.origin}/levels/own${ownLink(text ?? '')}`}>
                Copy a link to play it
              </CopyWords>
            </div>
          </div>
          <div className="text">
            <pre aria-hidden="true">{numbers(text ?? '')}</pre>
            <textarea
              ref={area}
              aria-label="The level, in YAML"
              aria-describedby="faults"
              aria-invalid={checked.faults.length > 0 || undefined}
              spellCheck={false}
              wrap="off"
              rows={Math.max(24, (text ?? '').split('\n').length + 1)}
              value={text ?? ''}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        </section>
        <section aria-labelledby="check-h" className="preview">
          <div className="figh">
            <h2 id="check-h">The check</h2>
          </div>
          <div id="faults" role="status">
            {checked.faults.length > 0 ? (
              <ul className="faults">
                {checked.faults.map((fault) => (
                  <li key={`${fault.line} ${fault.says}`}>
                    <button type="button" className="link" onClick={() => toLine(fault.line)}>
                      Line {fault.line}
                    </button>{' '}
                    {fault.says}
                  </li>
                ))}
              </ul>
            ) : (
              <p>{checked.busy ? 'Being checked …' : 'Nothing is wrong with the text.'}</p>
            )}
          </div>
          {checked.level && <Proven key={text} level={checked.level} origin={origin} />}
          {checked.level && <Preview level={checked.level} origin={origin} />}
        </section>
      </div>
    </main>
  );
}

function numbers(text: string): string {
  return text
    .split('\n')
    .map((_, index) => index + 1)
    .join('\n');
}

function save({ level }: Checked, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  link.download = `${level?.id ?? 'level'}.yaml`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Plays the solution when asked: each time takes a sandbox. */
function Proven({ level, origin }: { readonly level: Level; readonly origin: string }) {
  const [proof, setProof] = useState<Proof | 'running' | null>(null);
  const run = async () => {
    setProof('running');
    const fetch = (input: string, init?: RequestInit) => globalThis.fetch(input, init);
    setProof(
      await proveLevel(level, { origin, fetch, now: Date.now, keys: memoryKeys() }).catch(() => ({
        ok: false,
        says: 'The server does not answer.',
      })),
    );
  };
  return (
    <div className="proof">
      <button type="button" className="btn" disabled={proof === 'running'} onClick={() => void run()}>
        Play the solution
      </button>
      <p role="status">
        {proof === 'running'
          ? 'It is played in a new sandbox …'
          : proof && <Prose text={`${proof.ok ? 'It holds. ' : 'It does not hold. '}${proof.says}`} />}
      </p>
    </div>
  );
}

function Preview({ level, origin }: { readonly level: Level; readonly origin: string }) {
  const handle = useLevel(level, origin, false);
  return (
    <section className="level step shown" aria-label="The level, as it is played">
      <LevelBody handle={handle} next={null} />
    </section>
  );
}
