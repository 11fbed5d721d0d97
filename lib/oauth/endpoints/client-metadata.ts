import type { Context } from '../context.ts';
import { ownDocument } from '../clients/own-document.ts';

/** `GET /client-metadata.json`: the guide's own client, as any client would publish itself. */
export async function clientMetadata(ctx: Context): Promise<Response> {
  return Response.json(ownDocument(ctx.tenant.origin), { headers: { 'Cache-Control': 'public, max-age=300' } });
}
