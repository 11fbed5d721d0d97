/**
 * The container of this process. Next gives route handlers, pages and the entry different instances of a module in
 * one process, so what there may be one of is kept on `globalThis`.
 */
import type { Container } from './container.ts';

const SLOT = Symbol.for('authwalk.container');
type Slots = { [SLOT]?: Promise<Container> };

/** Makes this container the process's. */
export function keepContainer(container: Promise<Container>): void {
  (globalThis as Slots)[SLOT] = container;
}

/** The process's container; made from the environment if no entry has made one. */
export function getContainer(): Promise<Container> {
  const slots = globalThis as Slots;
  slots[SLOT] ??= makeContainer();
  return slots[SLOT];
}

async function makeContainer(): Promise<Container> {
  // The entry of the package always makes it, so the build of its pages carries no second engine.
  if (process.env.AUTHWALK_PACKAGE !== '1') {
    const [{ createContainer }, { readEnv }] = await Promise.all([import('./container.ts'), import('./env.ts')]);
    return createContainer(readEnv(process.env));
  }
  throw new Error('The pages of the package need its server.');
}
