import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { pump } from './deliver.ts';

/** A stream that never ends, in pieces of 16 KiB; counts what was taken of it. */
function endless(): { stream: ReadableStream<Uint8Array>; taken: () => number; cancelled: Promise<void> } {
  let taken = 0;
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        taken += 1;
        controller.enqueue(new Uint8Array(16_384));
      },
      cancel: () => cancel(),
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken, cancelled };
}

describe('a body that streams', () => {
  it('waits for a reader that is slow, and drops one that takes nothing', async () => {
    const { stream, taken, cancelled } = endless();
    let buffered = 0;
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200);
      void pump(stream, outgoing, { patience: 300 });
      outgoing.on('close', () => {
        buffered = outgoing.writableLength;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('error', () => undefined).pause();
    await cancelled;
    // What the kernel holds on both sides, and one buffer of ours.
    expect(taken()).toBeLessThan(1000);
    expect(buffered).toBeLessThan(200_000);
    socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is cancelled when the reader leaves', async () => {
    const { stream, cancelled } = endless();
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200);
      void pump(stream, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.once('data', () => socket.destroy());
    await expect(cancelled).resolves.toBeUndefined();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
