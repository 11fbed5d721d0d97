/** What the consent page shows, for the browser that asks for it. */
import { readCookie } from '#lib/http/cookies.ts';
import { sandboxOfInteraction, scopeOfInteraction } from '#lib/oauth/interaction/interaction.ts';
import { type ConsentView, consentView } from '#lib/oauth/interaction/view.ts';
import { type IssuerLabel, tenantOf } from '#lib/sandbox/tenant.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { getContainer } from '../container.ts';
import { originOf } from './origin.ts';

export type { ClientView, ConsentView, RedirectView } from '#lib/oauth/interaction/view.ts';
export type { ScopeWords } from '#lib/oauth/interaction/words.ts';

export type ConsentPage =
  | { readonly is: 'open'; readonly view: ConsentView; readonly sandbox: string | null }
  /** Over, or never there. */
  | { readonly is: 'gone' }
  /** Another browser's. */
  | { readonly is: 'foreign' };

/**
 * Finds an interaction by the one path that all sandboxes share.
 * @param headers of the page's request: `Host` and `Cookie` are read
 */
export async function consentPage(interaction: string, headers: Headers): Promise<ConsentPage> {
  const id = sandboxOfInteraction(interaction);
  const container = await getContainer();
  const sandbox = id === null ? null : await container.sandboxes.find(id);
  if (id === null || sandbox === null) return { is: 'gone' };
  const origin = originOf(container, headers.get('host'));
  const label = scopeOfInteraction(interaction)?.split('/')[1] as IssuerLabel | undefined;
  const tenant = tenantOf({ ...container, isPublic: container.site.isPublic }, sandbox, origin, label ?? null);
  const view = await consentView(tenant, interaction, readCookie(headers.get('cookie'), origin));
  if ('gone' in view) return { is: 'gone' };
  if ('foreign' in view) return { is: 'foreign' };
  return { is: 'open', view, sandbox: id === DEFAULT_ID ? null : id };
}
