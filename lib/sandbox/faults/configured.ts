/** The knob `faults`: the scripted misbehaviours that a sandbox starts with. */
import type { TenantStore } from '#lib/store/store.ts';
import type { SandboxConfig } from '#lib/config/config.ts';

/** Ids of faults that come from the configuration begin with this. */
const PREFIX = 'config-';

/** Replaces the faults that came from the configuration before by those of now; does nothing if they are the same. */
export async function saveConfiguredFaults(store: TenantStore, config: SandboxConfig, wall: number): Promise<void> {
  const present = (await store.listFaults()).filter(({ id }) => id.startsWith(PREFIX));
  const wanted = config.faults;
  if (JSON.stringify(present.map(({ fault }) => fault)) === JSON.stringify(wanted)) return;
  for (const { id } of present) await store.deleteFaults(id);
  for (const [index, fault] of wanted.entries())
    await store.addFault({ id: `${PREFIX}${index}`, fault, matched: 0, acted: 0, createdAt: wall });
}
