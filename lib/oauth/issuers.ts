/** The issuers of one sandbox: itself, and where the configuration opens them `as2` and `idp`. */
import type { Tenant } from './context.ts';

export type IssuerLabel = 'own' | 'as2' | 'idp';

/** Which issuer of its sandbox this is. */
export function issuerLabel(tenant: Tenant): IssuerLabel {
  if (tenant.store.scope === `${tenant.sandboxId}/as2`) return 'as2';
  return tenant.store.scope === `${tenant.sandboxId}/idp` ? 'idp' : 'own';
}

/** `{base}` of the sandbox, where its resources are, whichever of its issuers this is. */
export function sandboxBase(tenant: Tenant): string {
  const label = issuerLabel(tenant);
  return label === 'own' ? tenant.base : tenant.base.slice(0, -label.length - 1);
}

/** The further issuer with this label, or null if the configuration does not open it. */
export function furtherIssuer(tenant: Tenant, label: 'as2' | 'idp'): Tenant | null {
  if (!tenant.config.issuers.includes(label)) return null;
  return tenant.further?.(label) ?? null;
}
