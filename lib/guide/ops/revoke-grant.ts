import type { Op } from './op.ts';

interface Grant {
  readonly id: string;
  readonly sub: string | null;
  readonly revoked_at: string | null;
}

/** Revokes what the user has approved, as the user would in the settings of an account. */
export const revokeGrant: Op = {
  op: 'revoke_grant',
  takes: {},
  needs: () => ['grants', 'grants/{grant}/revoke'],
  async arrange(_change, { api, sandbox }) {
    const { grants } = (await api.read(sandbox, 'grants')) as { grants: readonly Grant[] };
    for (const grant of grants.filter((one) => one.sub !== null && one.revoked_at === null))
      await api.post(sandbox, `grants/${grant.id}/revoke`, {});
  },
};
