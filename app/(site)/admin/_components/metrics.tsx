'use client';

import { useEffect, useState } from 'react';
import { errorOf, explain, send } from '#lib/client/request.ts';

/** What Prometheus would read, as it is now. */
export function Metrics({ token }: { readonly token: string | null }) {
  const [text, setText] = useState('Asking for them…');
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<string> => {
      const response = await send('GET', '/metrics', { token });
      if (!response.ok) throw await errorOf(response);
      return await response.text();
    };
    const show = (shown: string) => {
      if (!gone) setText(shown);
    };
    read().then(show, (error: unknown) => show(explain(error)));
    return () => {
      gone = true;
    };
  }, [token]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard
    <section className="adm-scroll" tabIndex={0} aria-label="Metrics as Prometheus reads them">
      <pre className="adm-metrics">{text}</pre>
    </section>
  );
}
