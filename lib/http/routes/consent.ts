/** The consent page: one address for all sandboxes, since the interaction names its own. */
import { sandboxOfInteraction, scopeOfInteraction } from '#lib/oauth/interaction/interaction.ts';
import type { ConsentState } from '#lib/pages/consent.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { type IssuerLabel, tenantOf } from '#lib/sandbox/tenant.ts';
import { readCookie } from '../cookies.ts';
import type { Parts } from '../parts.ts';
import type { Route } from '../route.ts';

/** What the browser that asks may see of an interaction. */
async function stateOf(
  parts: Parts,
  origin: string,
  interaction: string,
  cookie: string | null,
): Promise<ConsentState> {
  const id = sandboxOfInteraction(interaction);
  const sandbox = id === null ? null : await parts.sandboxes.find(id);
  if (id === null || sandbox === null) return { is: 'gone' };
  const label = scopeOfInteraction(interaction)?.split('/')[1] as IssuerLabel | undefined;
  const tenant = tenantOf(parts, sandbox, origin, label ?? null);
  const { consentView } = await import('#lib/oauth/interaction/view.ts');
  const view = await consentView(tenant, interaction, readCookie(cookie, origin));
  if ('gone' in view) return { is: 'gone' };
  if ('foreign' in view) return { is: 'foreign' };
  return { is: 'open', view, sandboxId: id === DEFAULT_ID ? null : id };
}

export function consentRoutes(parts: Parts): readonly Route[] {
  return [
    {
      endpoint: 'consent-page',
      scope: 'origin',
      path: '/consent/:interaction',
      cors: 'none',
      recorded: false,
      page: true,
      ownPolicy: true,
      methods: {
        GET: {
          id: 'showConsent',
          summary: 'What the resource owner sees: who asks, where the answer goes, what for',
          answers: {
            200: { description: 'The page.', types: ['text/html'] },
            403: { description: 'The visit belongs to another browser.', types: ['text/html'] },
            404: { description: 'The visit is over.', types: ['text/html'] },
          },
          async handle(ctx, { interaction = '' }) {
            const { request, tenant } = ctx;
            const state = await stateOf(parts, tenant.origin, interaction, request.headers.get('cookie'));
            const { consentPage } = await import('#lib/pages/consent.ts');
            return consentPage(state);
          },
        },
      },
    },
  ];
}
