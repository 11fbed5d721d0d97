/** A class, as far as its page needs to know before its token is shown. */
import { getContainer } from '../current.ts';

/** The track that a class walks; null if there is no such class, or it has ended. */
export async function trackOfClass(id: string): Promise<string | null> {
  const { store, wall } = await getContainer();
  const record = await store.getClass(id, wall());
  return record === null ? null : String(record.data.track);
}
