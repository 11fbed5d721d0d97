import { loadTrack } from '#lib/guide/load.ts';
import { pageOf } from '#lib/guide/page.ts';

interface Context {
  readonly params: Promise<{ track: string; step: string }>;
}

/** The texts of one step, for a page that shows another step of the same track. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { track: id, step } = await params;
  const track = loadTrack(id);
  const page = track && pageOf(track, step);
  if (!page) return Response.json({ error: 'not_found', error_description: 'There is no such step.' }, { status: 404 });
  return Response.json(page, { headers: { 'Cache-Control': 'private, max-age=300' } });
}
