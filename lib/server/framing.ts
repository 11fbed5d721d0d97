/** The knob `consent.framing`: a consent page that a page of this server may put into a frame. */
import type { ServerResponse } from 'node:http';
import { sandboxOfInteraction } from '#lib/oauth/interaction/interaction.ts';
import type { Container } from './container.ts';

/** Whether the sandbox of a consent page lets it be framed. @param pathname `/consent/{interaction}` */
export async function mayBeFramed(container: Container, pathname: string): Promise<boolean> {
  const id = sandboxOfInteraction(decodeURIComponent(pathname.slice('/consent/'.length)));
  const sandbox = id === null ? null : await container.sandboxes.find(id);
  return sandbox !== null && sandbox.config['consent.framing'] === 'allow';
}

/** Takes back, for this one answer, what forbids frames: for pages of this origin, not of others. */
export function letFrame(response: ServerResponse): void {
  const writeHead = response.writeHead;
  response.writeHead = function (this: ServerResponse, ...rest: Parameters<ServerResponse['writeHead']>) {
    response.setHeader('X-Frame-Options', 'SAMEORIGIN');
    const policy = response.getHeader('content-security-policy');
    if (typeof policy === 'string')
      response.setHeader('content-security-policy', policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
    return writeHead.apply(response, rest);
  } as ServerResponse['writeHead'];
}
