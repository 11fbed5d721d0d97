/** Every socket of the server, and how many requests each has in flight. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

export interface Sockets {
  /** Destroys what has no request in flight now, and each other socket when its requests have ended. */
  closeWhenDone(): void;
  /** Destroys all, whatever they do. Node's own list leaves out sockets that were upgraded. */
  destroyAll(): void;
  /** Number of open sockets. */
  readonly size: number;
}

/** Follows the sockets of a server from now on. */
export function trackSockets(server: Server): Sockets {
  const inFlight = new Map<Socket, number>();
  let closing = false;
  // Requests of a server that speaks HTTPS come on the socket inside the encrypted one.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  // Before the handler: if it answers at once, the request has ended when the handler returns.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (inFlight.get(socket) ?? 1) - 1;
      if (inFlight.has(socket)) inFlight.set(socket, left);
      if (closing && left === 0) socket.destroySoon();
    });
  });
  return {
    closeWhenDone() {
      closing = true;
      for (const [socket, requests] of inFlight) if (requests === 0) socket.destroy();
    },
    destroyAll() {
      for (const socket of inFlight.keys()) socket.destroy();
    },
    get size() {
      return inFlight.size;
    },
  };
}
