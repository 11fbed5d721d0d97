/** What the sandbox `default` starts with, by `AUTHWALK_DEFAULT_CONFIG`. */
import type { Parts } from '#lib/http/parts.ts';
import { RequestTrace } from '#lib/http/trace.ts';
import type { ConfigOverrides } from '#lib/config/config.ts';
import type { Seed } from '#lib/config/seed.ts';
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { configuredProblem } from '#lib/sandbox/faults/read.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { applySeed, seedConfigured } from '#lib/sandbox/seed/seed.ts';
import { SeedError, seedTargetOf } from '#lib/sandbox/seed/target.ts';
import { issueToken } from '#lib/sandbox/seed/tokens.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import type { DefaultSetup } from './default-setup.ts';
import type { Env } from './env.ts';

/**
 * Seeds `default`. What a start before this one seeded is there already, and is not made twice.
 * @throws SeedError if what is to be seeded cannot be, or a fault of its configuration could not act
 */
export async function prepareDefault(parts: Parts, main: LiveSandbox, env: Env, setup: DefaultSetup): Promise<void> {
  const origin = env.publicUrl ?? `${parts.site.scheme}://localhost:${env.port}`;
  const tenant = tenantOf(parts, main, origin, null);
  const target = seedTargetOf(tenant);
  await seedConfigured(target);
  if (setup.seed !== null) await seedOnce(tenant, setup.seed);
  const problem = await configuredProblem(main.record.config as ConfigOverrides, tenant);
  if (problem !== null) throw new SeedError(`config: ${problem.says}`);
}

async function seedOnce(tenant: Tenant, { notes = [], tokens = [], ...others }: Seed): Promise<void> {
  const target = seedTargetOf(tenant);
  await applySeed(target, others);
  for (const note of notes) {
    const sub = note.sub ?? (note.email ? (await tenant.store.findUser(note.email))?.sub : undefined);
    const present = sub === undefined ? [] : await tenant.store.listNotes(sub);
    if (!present.some(({ text }) => text === note.text)) await applySeed(target, { notes: [note] });
  }
  for (const token of tokens) {
    if (token.token === undefined)
      throw new SeedError('seed.tokens: a token of default needs a value of its own, because nobody would see it.');
    if ((await tenant.store.getAccessToken(sha256(token.token))) === null)
      await issueToken({ tenant, trace: new RequestTrace() } as Partial<Context> as Context, token);
  }
}
