'use client';

import { useCallback, useEffect, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import type { UserInfo } from '#lib/live/types.ts';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

/** Users of the sandbox, and making one with the claims that userinfo tells. */
export function Users({ control, changes }: { readonly control: Control; readonly changes: unknown }) {
  const { busy, trouble, run } = useTask();
  const [users, setUsers] = useState<readonly UserInfo[] | null>(null);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [claims, setClaims] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const refresh = useCallback(async () => {
    const told = await control.call<{ users: UserInfo[] }>('GET', '/users').catch(() => null);
    if (told) setUsers(told.users);
  }, [control]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has happened at the sandbox is a reason to ask again
  useEffect(() => {
    void refresh();
  }, [refresh, changes]);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    let told: unknown;
    try {
      told = claims.trim() === '' ? undefined : JSON.parse(claims);
    } catch {
      setWrong('The claims are not JSON.');
      return;
    }
    setWrong(null);
    void run(async () => {
      await control.call('POST', '/users', {
        email,
        ...(password ? { password } : {}),
        ...(told === undefined ? {} : { claims: told }),
      });
      setEmail('');
      setPassword('');
      setClaims('');
      await refresh();
    });
  };
  return (
    <div className="stage-part">
      <p className="say">
        A user who approves without signing in is made up on the spot. A user with a password can sign in on the consent
        page, or be named by <code>auto_approve_email</code>.
      </p>
      {users && users.length > 0 && (
        <ul className="user-list">
          {users.slice(0, 50).map((user) => (
            <li key={user.sub}>
              <span className={user.email ? 'm-code' : 'soft'}>{user.email ?? 'made up'}</span>
              <code className="tiny dim">{user.sub}</code>
            </li>
          ))}
        </ul>
      )}
      {users?.length === 0 && <p className="say">No users yet.</p>}
      <form className="fields" onSubmit={submit}>
        <label className="wide">
          <span>Email</span>
          <input
            type="email"
            required
            value={email}
            autoComplete="off"
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <label className="wide">
          <span>Password (a test server: no real one)</span>
          <input
            type="text"
            value={password}
            autoComplete="off"
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <label className="wide">
          <span>Claims (JSON)</span>
          <input
            className="m"
            value={claims}
            placeholder='{ "name": "Ada" }'
            spellCheck={false}
            onChange={(event) => setClaims(event.target.value)}
          />
        </label>
        <p className="wide">
          <button type="submit" className="btn" disabled={busy}>
            Add the user
          </button>
        </p>
      </form>
      <Trouble says={wrong ?? trouble} />
    </div>
  );
}
