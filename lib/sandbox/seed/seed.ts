/**
 * What a sandbox begins with: the clients of its configuration and preset, and what its creator asked for. Secrets
 * and keys that are made here are derived from the sandbox's own secret, so that a reset brings back the same ones.
 */
import { EVERY_MADE_UP_USER } from '#lib/oauth/users/invent.ts';
import type { Seed } from '#lib/config/seed.ts';
import { saveConfiguredFaults } from '../faults/configured.ts';
import { type ConnectionDetails, saveClients } from './clients.ts';
import { PRESETS } from './presets.ts';
import type { SeedTarget } from './target.ts';
import { saveUser } from './users.ts';

/**
 * Makes the clients and faults of the configuration and of its preset, with the preset's users.
 * @returns what each client connects with
 */
export async function seedConfigured(target: SeedTarget): Promise<ConnectionDetails[]> {
  const preset = PRESETS[target.config.preset];
  await saveConfiguredFaults(target.store, target.config, target.now);
  for (const { name, password } of preset.users) {
    if ((await target.store.findUser(name)) !== null) continue;
    await target.store.createUserIfNone({
      sub: name,
      email: name,
      passwordHash: await target.passwords.hash(password),
      claims: { preferred_username: name },
      temporary: false,
      createdAt: target.now,
      lastUsedAt: target.now,
    });
  }
  return saveClients(target, [...preset.clients, ...target.config.clients]);
}

/** Makes what the creator of the sandbox asked for. @throws LimitError past the bounds of a sandbox */
export async function applySeed(target: SeedTarget, seed: Seed): Promise<ConnectionDetails[]> {
  for (const user of seed.users ?? []) await saveUser(target, user);
  const details = await saveClients(target, seed.clients ?? []);
  for (const note of seed.notes ?? []) {
    const named = note.email === undefined ? EVERY_MADE_UP_USER : (await target.store.findUser(note.email))?.sub;
    const sub = note.sub ?? named;
    if (sub !== undefined)
      await target.store.addNote({ id: target.random(12), sub, text: note.text, createdAt: target.now });
  }
  return details;
}
