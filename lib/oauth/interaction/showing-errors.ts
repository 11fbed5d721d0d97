/** The answer to a refusal at an endpoint that people see: a page, or JSON if the request does not ask for a page. */
import { wantsHtml } from '#lib/pages/accept.ts';
import { errorPage, pageStatus } from '#lib/pages/error.ts';
import { errorAddress } from '../addresses.ts';
import type { Context } from '../context.ts';
import { noteRefusal } from '../checks/check.ts';
import { isOAuthError } from '../errors.ts';
import { printable } from '#lib/spec/printable.ts';

/**
 * Runs a handler, and shows what it refuses.
 * @throws whatever the handler throws that is no {@link isOAuthError | refusal}
 */
export async function showingErrors(ctx: Context, handler: () => Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    noteRefusal(ctx.trace, error);
    if (wantsHtml(ctx.request.headers)) {
      const { tenant, request } = ctx;
      return errorPage({ error, origin: tenant.origin, tenant, request });
    }
    return Response.json(
      {
        error: error.code,
        error_description: printable(error.description),
        error_uri: errorAddress(ctx.tenant, error.code),
      },
      {
        status: pageStatus(error),
        headers: { 'Cache-Control': 'no-store', Vary: 'Accept', ...error.headers },
      },
    );
  }
}
