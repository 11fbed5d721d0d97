/** A lab played in a test: the browser's cookies, and redirects as a page sees them. */
import { createApi, type SandboxRef } from '#lib/client/sandboxes.ts';
import type { Fetch } from '#lib/client/request.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { type PlayOptions, startLab } from '#lib/labs/play.ts';
import type { Lab, LabRun, Position } from '#lib/labs/types.ts';
import { memoryStorage } from './guide-engine.ts';

/** A browser's cookies: kept, and sent if a request asks for it. */
export function withCookies(fetch: Fetch): Fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    if (init?.credentials !== 'same-origin') return asBrowser(await fetch(input, init));
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]!.split(/=(.*)/s);
      jar.set(name, value);
    }
    return asBrowser(response);
  };
}

/** A page does not see where a redirect leads: only the record does. */
function asBrowser(response: Response): Response {
  if (response.status < 300 || response.status >= 400) return response;
  return Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
}

/** @param fetch of the server; `browser` sends the requests of the lab */
export function labOptions(origin: string, fetch: Fetch, browser: Fetch): PlayOptions {
  const api = createApi<Exchange>(origin, fetch);
  return { origin, fetch: browser, api, now: Date.now, storage: memoryStorage() };
}

/** Plays a lab in one position to its end. @param kept the sandbox of the other position; null: a new one */
export async function playLab(
  lab: Lab,
  position: Position,
  options: PlayOptions,
  kept: SandboxRef | null = null,
): Promise<{ readonly run: LabRun; readonly sandbox: SandboxRef }> {
  const { playing, sandbox } = await startLab(lab, position, kept, options);
  while (playing.run().next < lab.moments.length) await playing.step();
  return { run: playing.run(), sandbox };
}
