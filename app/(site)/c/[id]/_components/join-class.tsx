'use client';

import { useEffect, useId, useState } from 'react';
import { ApiError, explain, requestJson } from '#lib/client/request.ts';
import { browserStorage, readMembership, writeMembership } from '#lib/guide/storage.ts';

interface ClassAnswer {
  readonly id: string;
  readonly track: string;
  readonly open: boolean;
}

/** What is sent to the wall, said before anything is. */
export function JoinClass({ id }: { readonly id: string }) {
  const field = useId();
  const [known, setKnown] = useState<ClassAnswer | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [isIn, setIn] = useState(false);
  const path = `/api/classes/${encodeURIComponent(id)}`;
  useEffect(() => {
    setIn(readMembership(browserStorage())?.id === id);
    requestJson<ClassAnswer>('GET', path).then(setKnown, (error: unknown) => {
      const isGone = error instanceof ApiError && error.status === 404;
      setTrouble(
        isGone ? 'There is no class with this name, or it has ended. Ask for the address again.' : explain(error),
      );
    });
  }, [id, path]);
  const join = async () => {
    setTrouble(null);
    try {
      const body = name.trim() === '' ? {} : { name: name.trim() };
      const joined = await requestJson<{ member_token: string }>('POST', `${path}/members`, { body });
      writeMembership(browserStorage(), { id, token: joined.member_token, track: known!.track });
      window.location.assign(`/guide/${known!.track}`);
    } catch (error) {
      setTrouble(explain(error));
    }
  };
  const leave = async () => {
    const membership = readMembership(browserStorage());
    writeMembership(browserStorage(), null);
    setIn(false);
    if (membership)
      await requestJson('DELETE', `${path}/members/me`, { token: membership.token }).catch(() => undefined);
  };
  if (known === null && trouble !== null)
    return (
      <>
        <h1 className="title">
          Class <code>{id}</code>
        </h1>
        <p role="alert" className="lede">
          {trouble}
        </p>
        <p>
          <a href="/guide">Walk by yourself</a>, without a class.
        </p>
      </>
    );
  return (
    <>
      <h1 className="title">
        Class <code>{id}</code>
      </h1>
      <p className="lede">
        No account and nothing to install. You get a sandbox of your own, and walk at your own pace.
      </p>
      <section aria-labelledby={`${field}-h`}>
        <div className="figh">
          <h2 id={`${field}-h`}>What is sent to the wall</h2>
        </div>
        <ul className="sent">
          <li>the step that you have come to</li>
          <li>whether you move, or were refused twice for the same reason</li>
          <li>that reason, by its name. The wall tells it only of three participants or more at a step</li>
          <li>what you guess in experiments, as a sum over all</li>
          <li>a name, only if you give one here</li>
          <li>one refused request, masked, only if the class asks for one and you agree to show yours</li>
        </ul>
        <p className="note">
          Nothing else: no token, no parameter, nothing that you type. You can leave the wall and keep walking. Whoever
          holds the class can ask for a pause: this page then stops the clock of your sandbox, so that nothing expires.
        </p>
      </section>
      {trouble && (
        <p role="alert" className="trouble">
          {trouble}
        </p>
      )}
      {isIn && known ? (
        <div className="class-form">
          <a className="go" href={`/guide/${known.track}`}>
            Go on walking
          </a>
          <button type="button" className="btn" onClick={() => void leave()}>
            Leave the wall
          </button>
        </div>
      ) : (
        known && (
          <form
            className="class-form"
            onSubmit={(event) => {
              event.preventDefault();
              void join();
            }}
          >
            <label className="ui" htmlFor={field}>
              A name, if you like
            </label>
            <input
              id={field}
              maxLength={30}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="go" disabled={!known.open}>
              Join
            </button>
            {!known.open && <p className="note">This class takes nobody new. Ask the person who leads it.</p>}
          </form>
        )
      )}
    </>
  );
}
