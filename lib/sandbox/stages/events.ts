/** Events that stages count. */
import type { StageEvent } from '#lib/config/stage.ts';
import type { Context } from '#lib/oauth/context.ts';

/** What happened, by the exchange. @param endpoint name in the record */
export function eventsOf(ctx: Context, endpoint: string, response: Response): StageEvent[] {
  const { status } = response;
  const withToken = ctx.request.headers.has('authorization');
  switch (endpoint) {
    case 'prm':
    case 'as-metadata':
      return status === 200 ? ['metadata-fetch'] : [];
    case 'register':
      return status === 201 ? ['register'] : [];
    case 'authorize':
      return ['authorize-request'];
    case 'token':
      return status === 200
        ? ctx.body.form?.get('grant_type') === 'refresh_token'
          ? ['token-issued', 'refresh']
          : ['token-issued']
        : [];
    case 'mcp':
    case 'resource': {
      const isTool =
        endpoint === 'resource' || (ctx.body.json as { method?: unknown } | null | undefined)?.method === 'tools/call';
      return withToken
        ? [...(status === 401 ? [] : (['authenticated-call'] as const)), ...(isTool ? (['tool-call'] as const) : [])]
        : [];
    }
    default:
      return [];
  }
}
