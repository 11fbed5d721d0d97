/** A real browser, and a page on another loopback port that has the libraries of others as they come from npm. */
import type { Sandbox } from 'authwalk/testing';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { register } from '../lib/http.ts';

const modules = join(import.meta.dirname, '../../node_modules');
const FILES: Readonly<Record<string, string>> = {
  '/oidc-client-ts.js': join(modules, 'oidc-client-ts/dist/browser/oidc-client-ts.min.js'),
  '/keycloak.js': join(modules, 'keycloak-js/lib/keycloak.js'),
};

/** The page in the frame of a silent renewal: it hands its address to the page around it. */
const SILENT = `<!doctype html><script src="/oidc-client-ts.js"></script><script>
const settings = { authority: location.origin, client_id: 'x', redirect_uri: location.href };
new oidc.UserManager(settings).signinSilentCallback();
</script>`;

export interface ClientSite {
  readonly origin: string;
  /** Opens the page of the client in a browser of its own, and collects the errors of its scripts. */
  open(): Promise<{ page: Page; errors: string[] }>;
  /** Registers the page as a public client of the sandbox. */
  register(sandbox: Sandbox, metadata?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** Serves the page, and starts the browser. */
export async function openClientSite(): Promise<ClientSite> {
  const site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = FILES[pathname];
    response.setHeader('content-type', file ? 'text/javascript' : 'text/html');
    const page = pathname === '/silent' ? SILENT : '<!doctype html><title>A client</title>';
    response.end(file ? readFileSync(file) : page);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const known = [process.env.CHROMIUM_PATH, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
  const executablePath = known.find((path) => path && existsSync(path));
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
  return {
    origin,
    async open() {
      const page = await (await browser.newContext()).newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(origin);
      return { page, errors };
    },
    async register(sandbox, metadata) {
      const { client_id } = await register(sandbox.issuer, {
        redirect_uris: [`${origin}/`, `${origin}/silent`],
        post_logout_redirect_uris: [`${origin}/`],
        token_endpoint_auth_method: 'none',
        application_type: 'web',
        ...metadata,
      });
      return client_id;
    },
    async close() {
      await browser.close();
      site.closeAllConnections();
      site.close();
    },
  };
}
