'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Control, createControl } from '#lib/client/control.ts';
import { ApiError, isToken } from '#lib/client/request.ts';
import { forget, keep, readKept } from '#lib/guide/storage.ts';
import type { SandboxInfo } from '#lib/live/types.ts';

export type Access =
  | { readonly is: 'reading' }
  /** No token was shown, or a wrong one. */
  | { readonly is: 'closed'; readonly says: string | null }
  /** Everything: the control token was shown, or none is needed on this machine. */
  | { readonly is: 'open'; readonly token: string | null }
  /** To look, without secrets. */
  | { readonly is: 'shared'; readonly token: string }
  | { readonly is: 'gone' };

export interface AccessHandle {
  readonly access: Access;
  readonly control: Control | null;
  readonly info: SandboxInfo | null;
  readonly setInfo: (info: SandboxInfo) => void;
  readonly refreshInfo: () => void;
  /** Tries a control token that somebody typed. */
  readonly show: (token: string) => void;
}

/** What of this sandbox the reader may see: by the token in the fragment of the address, or by the one kept here. */
export function useAccess(id: string): AccessHandle {
  const address = `/api/sandboxes/${id}`;
  const [access, setAccess] = useState<Access>({ is: 'reading' });
  const [info, setInfo] = useState<SandboxInfo | null>(null);

  const tryControl = useCallback(
    async (token: string | null): Promise<boolean> => {
      try {
        const told = await createControl(address, token).call<SandboxInfo>('GET', '');
        setInfo(told);
        setAccess({ is: 'open', token });
        if (token !== null)
          keep(localStorage, { id, token, at: readKept(localStorage).find((one) => one.id === id)?.at ?? Date.now() });
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) {
          forget(localStorage, id);
          setAccess({ is: 'gone' });
          return true;
        }
        if (error instanceof ApiError && error.status !== 401) {
          setAccess({ is: 'closed', says: error.message });
          return true;
        }
        return false;
      }
    },
    [address, id],
  );

  const found = useRef<string | null>(null);
  const begin = useCallback(async () => {
    const fragment = new URLSearchParams(window.location.hash.slice(1));
    const share = fragment.get('share');
    if (share !== null && !isToken(share))
      return setAccess({
        is: 'closed',
        says: 'The share in this address cannot be read. Ask for the whole link again.',
      });
    if (share !== null) {
      setAccess({ is: 'shared', token: share });
      // What was set is told, not offered.
      createControl(address, share)
        .call<SandboxInfo>('GET', '')
        .then(setInfo, () => undefined);
      return;
    }
    // A token in an address bar ends up in screenshots and histories.
    found.current = fragment.get('control') ?? found.current;
    if (fragment.has('control')) window.history.replaceState(null, '', window.location.pathname);
    const kept = readKept(localStorage).find((one) => one.id === id)?.token ?? null;
    const tokens = [...new Set([found.current, kept].filter((token) => token !== null))];
    for (const token of tokens) if (await tryControl(token)) return;
    // The sandbox at the root may be open to whoever sits at the machine.
    if (id === 'default' && (await tryControl(null))) return;
    setAccess({
      is: 'closed',
      says: tokens.length > 0 ? 'The control token kept in this browser is not valid for this sandbox.' : null,
    });
  }, [address, id, tryControl]);

  useEffect(() => {
    void begin();
    const again = () => {
      if (/(?:^#|&)(?:control|share)=/.test(window.location.hash)) void begin();
    };
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, [begin]);

  const token = access.is === 'open' || access.is === 'shared' ? access.token : undefined;
  const control = useMemo(() => (token === undefined ? null : createControl(address, token)), [address, token]);
  const refreshInfo = useCallback(() => {
    if (access.is !== 'open' || !control) return;
    void control.call<SandboxInfo>('GET', '').then(setInfo, (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) setAccess({ is: 'gone' });
    });
  }, [access.is, control]);
  // Another page, or a test, may have moved the clock or turned a knob.
  useEffect(() => {
    if (access.is !== 'open') return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refreshInfo();
    }, 20_000);
    return () => clearInterval(timer);
  }, [access.is, refreshInfo]);

  const show = useCallback(
    (typed: string) => {
      void tryControl(typed.trim()).then((done) => {
        if (!done) setAccess({ is: 'closed', says: 'That is not the control token of this sandbox.' });
      });
    },
    [tryControl],
  );
  return { access, control, info, setInfo, refreshInfo, show };
}
