import { wireSvg } from '#components/wire/svg.ts';
import { figureOf } from '#lib/server/views/figures.ts';

interface Context {
  readonly params: Promise<{ file: string }>;
}

/** The figure of a track as a picture: `/guide/figures/device.svg`, and `?theme=dark` on a dark page. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { file } = await params;
  const track = /^([a-z0-9-]{1,40})\.svg$/.exec(file)?.[1];
  const figure = track === undefined ? null : await figureOf(track, request.headers.get('host'));
  if (!figure)
    return Response.json({ error: 'not_found', error_description: 'There is no such figure.' }, { status: 404 });
  const theme = new URL(request.url).searchParams.get('theme') === 'dark' ? 'dark' : 'light';
  return new Response(wireSvg({ ...figure, theme }), {
    headers: { 'Content-Type': 'image/svg+xml; charset=utf-8', 'Cache-Control': 'public, max-age=3600' },
  });
}
