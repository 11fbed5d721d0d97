/** An operation of the operator's API: it takes the admin token. */
import type { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { demandToken } from './control.ts';
import { parseQuery } from './parsed.ts';
import type { Parts } from './parts.ts';
import type { Answer, Operation } from './route.ts';

interface Declared<Query extends z.ZodObject> {
  readonly id: string;
  readonly summary: string;
  readonly query?: Query;
  readonly answer: Answer | string;
  /** Of the answer. @default 200 */
  readonly status?: number;
  readonly handle: (
    ctx: Context,
    query: z.output<Query>,
    params: Readonly<Record<string, string>>,
  ) => Promise<Response>;
}

/** Makes operations that answer 401 without the admin token. @param parts of the instance */
export function operatorOperation(parts: Parts) {
  return <Query extends z.ZodObject>(declared: Declared<Query>): Operation => ({
    id: declared.id,
    summary: declared.summary,
    ...(declared.query ? { query: declared.query } : {}),
    answers: { [declared.status ?? 200]: declared.answer, 401: 'The admin token is missing or wrong.' },
    async handle(ctx, params) {
      demandToken(parts.site, ctx.request, parts.site.adminTokenHash, 'the admin token', ctx);
      const query = declared.query ? parseQuery(declared.query, ctx.request.url) : ({} as z.output<Query>);
      return await declared.handle(ctx, query, params);
    },
  });
}
