/** How much room there is: on the volume of the database file, and in memory. */
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { pathOf } from '#lib/store/open.ts';

export interface Volume {
  /** Bytes of the whole volume, and those that are free. */
  readonly bytes: number;
  readonly free: number;
}

/** The volume that the database file lies on; null: it is in memory, on another machine, or nobody says. */
export async function volumeOf(databaseUrl: string): Promise<Volume | null> {
  if (!databaseUrl.startsWith('file:')) return null;
  try {
    const { blocks, bavail, bsize } = await statfs(dirname(pathOf(databaseUrl)));
    return blocks > 0 ? { bytes: blocks * bsize, free: bavail * bsize } : null;
  } catch {
    return null;
  }
}

/** Bytes of memory that this process may take: what its container allows, else what the machine has. */
export function memoryLimit(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 && allowed < totalmem() ? allowed : totalmem();
}
