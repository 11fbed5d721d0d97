import { describe, expect, it } from 'vitest';
import type { Exchange, LedgerEntry } from '#lib/exchange/types.ts';
import type { Listener, Recorder } from './recorder.ts';
import { eventStream } from './stream.ts';

/** A recorder that holds so many exchanges of 16 KiB, and counts how many were read from it. */
function recorderOf(count: number): { recorder: Recorder; read: () => number; add(): void } {
  const listeners = new Set<Listener>();
  let last = count;
  let read = 0;
  const recorder: Partial<Recorder> = {
    alone: true,
    settle: async () => undefined,
    async read(_, { after, limit }) {
      const found: Exchange[] = [];
      for (let seq = after + 1; seq <= Math.min(last, after + limit); seq += 1)
        found.push({ seq, response: { body: 'x'.repeat(16_384) } } as unknown as Exchange);
      read += found.length;
      return found;
    },
    subscribe(_, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    recorder: recorder as Recorder,
    read: () => read,
    add() {
      last += 1;
      for (const listener of listeners) listener('written');
    },
  };
}

/** Numbers of the events that come until so many were there. */
async function idsOf(reader: ReadableStreamDefaultReader<Uint8Array>, count: number): Promise<number[]> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    if (ids.length >= count) return ids;
    const { done, value } = await reader.read();
    if (done) return ids;
    text += decoder.decode(value, { stream: true });
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the stream of a sandbox', () => {
  it('reads from the store only what its reader takes, and loses nothing by that', async () => {
    const { recorder, read, add } = recorderOf(400);
    const stream = eventStream(recorder, 's', { after: 0, view: (entry) => entry, changes: false });
    await pause();
    for (let i = 0; i < 50; i += 1) add();
    await pause();
    // 256 KiB wait: 16 exchanges, and what was read with them.
    expect(read()).toBeLessThan(100);
    const ids = await idsOf(stream.getReader(), 450);
    expect(ids).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
  });

  it('goes on with what comes while it is read, after the number that its reader has', async () => {
    const { recorder, add } = recorderOf(3);
    const reader = eventStream(recorder, 's', { after: 2, view: (entry) => entry, changes: false }).getReader();
    expect(await idsOf(reader, 1)).toEqual([3]);
    add();
    add();
    expect(await idsOf(reader, 2)).toEqual([4, 5]);
    await reader.cancel();
  });

  it('ends when the server stops', async () => {
    const { recorder } = recorderOf(1);
    const stopping = new AbortController();
    const options = { after: 0, view: (entry: LedgerEntry) => entry, changes: false, signal: stopping.signal };
    const reader = eventStream(recorder, 's', options).getReader();
    expect(await idsOf(reader, 1)).toEqual([1]);
    stopping.abort();
    expect((await reader.read()).done).toBe(true);
  });
});
