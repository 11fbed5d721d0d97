import { headers } from 'next/headers';
import { tryForm } from '#lib/server/views/try-it.ts';

/** The form of one operation (`?operation=` and its id), read when somebody opens it. */
export async function GET(request: Request): Promise<Response> {
  const id = new URL(request.url).searchParams.get('operation') ?? '';
  const form = await tryForm((await headers()).get('host'), id);
  if (form === null) return Response.json({ error: 'not_found' }, { status: 404 });
  return Response.json(form, { headers: { 'Cache-Control': 'public, max-age=300' } });
}
