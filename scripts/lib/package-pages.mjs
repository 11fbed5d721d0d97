/** The pages of the package as it was installed, started as `npx authwalk` starts them. */
import { spawn } from 'node:child_process';
import { ensureChromium } from './services.mjs';
import { binOf, nodeEnv, nodePath, root } from './toolchain.mjs';

/** Journeys of `e2e/` that need nothing but the address of a server, by words of their titles. */
const JOURNEYS = [
  'from the landing page to done, by mouse, on a desk',
  'lab 1, .*: damage without the defence',
  'one click makes a sandbox',
  'the reference: error_uri leads to its error',
  'the reference sends a request',
  'every link of every page',
];

/** Milliseconds that a journey may take: a busy machine is slow. */
const PATIENCE = '600000';

/** @returns the exit status of the journeys against a server that runs */
function journeys(origin) {
  const chromium = ensureChromium();
  if (!chromium) return 'no Chromium could be installed';
  const options = ['--grep', JOURNEYS.join('|'), '--timeout', PATIENCE, '--reporter', 'list'];
  const args = [binOf('@playwright/test', 'playwright'), 'test', ...options];
  const env = nodeEnv({ E2E_URL: origin, CHROMIUM_PATH: chromium });
  const child = spawn(nodePath(), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.once('exit', resolve));
}

/**
 * Starts the command of the installed package, asks for every page, and takes it through journeys.
 * @param node the Node that runs it
 * @param folder where it is installed
 * @param check says what was seen
 */
export async function pages(node, folder, check) {
  const port = 3_600 + (process.pid % 300);
  const server = spawn(node, ['node_modules/.bin/authwalk', '--memory', '--port', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  server.stdout.on('data', (text) => (said += text));
  server.stderr.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    for (let tries = 0; tries < 100 && !said.includes('listens on'); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const paths = [
      '/',
      '/guide',
      '/guide/authorization-code',
      '/guide/authorization-code/token',
      '/guide/device',
      '/guide/glossary',
      '/guide/figures',
      '/guide/editor',
      '/levels',
      '/levels/one-refusal',
      '/levels/own',
      '/lab',
      '/lab/mix-up',
      '/class',
      '/admin',
      '/swagger-ui',
      '/sandbox',
      '/sandbox/default',
      '/scenarios',
      '/scenarios/conforming',
      '/reference',
      '/reference/errors',
      '/mcp',
      '/health',
      '/ready',
      '/metrics',
      '/openapi.json',
      '/schemas/report.schema.json',
      '/docs',
      '/docs/cookbook',
      '/docs?q=refresh+race',
      '/scenarios/index.json',
      '/icon.svg',
      '/consent.css',
    ];
    for (const path of paths) {
      const response = await fetch(`http://localhost:${port}${path}`, { headers: { accept: 'text/html' } });
      check(`${path} is 200`, response.status === 200, `${response.status} ${said.slice(-400)}`);
      await response.body?.cancel();
    }
    const failed = await journeys(`http://localhost:${port}`);
    check('a walk, a lab, a sandbox, the documents and the reference, in Chromium', failed === 0, said.slice(-400));
    server.kill('SIGTERM');
    check('SIGTERM ends it with 0', (await ended) === 0);
  } finally {
    server.kill('SIGKILL');
  }
}
