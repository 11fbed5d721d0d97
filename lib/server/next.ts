/**
 * The application as a Next route handler, for platforms that cannot run `server.ts`. Next gives
 * `request.url` with `localhost` for a host, whatever was asked for: the address is put together
 * again from the headers.
 */
import { getContainer } from './current.ts';

/** What `proxy.ts` sends here by another path than the one that was asked for. */
const BY_WAY_OF = '/protocol';

async function handle(request: Request): Promise<Response> {
  const { app, site } = await getContainer();
  const url = new URL(request.url);
  if (url.pathname === BY_WAY_OF || url.pathname.startsWith(`${BY_WAY_OF}/`))
    url.pathname = url.pathname.slice(BY_WAY_OF.length) || '/';
  const scheme = site.publicUrl?.startsWith('https:') ? 'https' : 'http';
  const host = request.headers.get('host');
  const address =
    host !== null && URL.canParse(`${scheme}://${host}`) ? `${scheme}://${host}${url.pathname}${url.search}` : url.href;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && request.body !== null;
  return app.fetch(
    new Request(address, {
      method: request.method,
      headers: request.headers,
      signal: request.signal,
      redirect: 'manual',
      ...(hasBody ? { body: request.body, duplex: 'half' } : {}),
    } as RequestInit),
    { remoteAddress: request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '' },
  );
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
