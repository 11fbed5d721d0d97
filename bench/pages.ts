/**
 * The pages in a real Chromium: what they transfer, when their largest part is painted, what an exchange that arrives
 * costs a sandbox with 500 rows, and the longest task at four times slower processor: while a client comes to a new
 * sandbox and to a full one, and in each step of the walk. Goals stand beside the figures; this is no test.
 */
import { spawn } from 'node:child_process';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { connectAuthwalk, type Sandbox } from 'authwalk/testing';

const PORT = Number(process.env.BENCH_PAGES_PORT ?? 3418);
const ORIGIN = `http://localhost:${PORT}`;
/** Pages with their goal in kB; null if none is set. */
const PAGES: readonly (readonly [path: string, goal: number | null])[] = [
  ['/', 90],
  ['/guide/authorization-code', 260],
  ['/reference', 150],
  ['/reference/rules', 150],
  ['/scenarios', null],
];

const make = async (): Promise<Sandbox> => (await connectAuthwalk(ORIGIN)).sandbox();

const ask = async (mcp: string): Promise<void> => {
  const answer = await fetch(mcp, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  });
  await answer.text();
};

/** kB that a page transfers until nothing more comes, by kind. */
async function weigh(browser: Browser, path: string): Promise<{ total: number; kinds: Record<string, number> }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const kindOf = new Map<string, string>();
  const kinds: Record<string, number> = {};
  let total = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => kindOf.set(requestId, type));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kindOf.get(requestId) ?? 'Other';
    kinds[kind] = (kinds[kind] ?? 0) + encodedDataLength / 1000;
    total += encodedDataLength / 1000;
  });
  await page.goto(`${ORIGIN}${path}`);
  await page.waitForTimeout(3000);
  await context.close();
  return { total, kinds };
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name)?.value ?? 0;
}

/** A sandbox with 500 exchanges. */
async function fullSandbox(): Promise<Sandbox> {
  const made = await make();
  for (let i = 0; i < 25; i += 1) await Promise.all(Array.from({ length: 20 }, () => ask(made.mcp.oauth)));
  return made;
}
const pathOf = ({ id, inspectUrl }: Sandbox): string => `/sandbox/${id}${new URL(inspectUrl!).hash}`;

/** ms of processor that a page with 500 rows spends on each of 50 exchanges that arrive. */
async function liveCost(page: Page): Promise<number> {
  const made = await fullSandbox();
  await page.goto(made.inspectUrl!);
  await page.getByText('live, 500').waitFor();
  await page.waitForTimeout(3000);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const before = await metric(cdp, 'ThreadTime');
  for (let i = 0; i < 50; i += 1) {
    await ask(made.mcp.oauth);
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(1000);
  return (((await metric(cdp, 'ThreadTime')) - before) / 50) * 1000;
}

/** ms from the answer to a client until the verdict on it stands on the sandbox's page, in the median of five. */
async function verdictDelay(page: Page): Promise<number> {
  const delays: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const made = await make();
    const registered = await fetch(`${made.issuer}/oauth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"client_name":"Bench","redirect_uris":["http://127.0.0.1:8765/callback"]}',
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    await page.goto(made.inspectUrl!);
    await page.getByText('live, 1').waitFor();
    const query = new URLSearchParams({ response_type: 'code', client_id, state: 'a-state-of-this-request' });
    const answer = await fetch(`${made.issuer}/oauth/authorize?${query}`, { redirect: 'manual' });
    await answer.text();
    const at = performance.now();
    await page.getByText('It sends no code challenge').first().waitFor();
    delays.push(performance.now() - at);
  }
  return delays.toSorted((a, b) => a - b)[2]!;
}

/** ms until the largest part of a page is painted (LCP), without throttling. */
async function largestPaint(browser: Browser, path: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${ORIGIN}${path}`);
  await page.waitForTimeout(2500);
  const at = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  await context.close();
  return at;
}

/** A place of the pages, and ms of the longest task there. */
type Longest = readonly [place: string, ms: number];

/** A page at a quarter of the processor's speed that notes its long tasks. */
async function slowPage(browser: Browser): Promise<{ page: Page; longest: () => Promise<number> }> {
  const page = await browser.newPage();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(window, { tasks: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
  /** ms of the longest since it was asked for last; 0 if none took 50 ms. */
  const longest = () => page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks.splice(0)));
  return { page, longest };
}

/** ms of the longest task when the page of a sandbox opens, and while one client comes to it. */
async function longestInSandbox(browser: Browser, made: Sandbox, name: string): Promise<readonly Longest[]> {
  const { page, longest } = await slowPage(browser);
  await page.goto(made.inspectUrl!);
  await page.waitForTimeout(4000);
  const opened = await longest();
  for (let i = 0; i < 5; i += 1) {
    await ask(made.mcp.oauth);
    await page.waitForTimeout(1000);
  }
  const arriving = await longest();
  await page.close();
  return [
    [`${name}: opened`, opened],
    [`${name}: a client comes`, arriving],
  ];
}

/** ms of the longest task of each step of the main walk, from the press to the drawn answer. */
async function longestInWalk(browser: Browser): Promise<readonly Longest[]> {
  const { page, longest } = await slowPage(browser);
  const found: Longest[] = [];
  const settle = async (): Promise<void> => page.waitForTimeout(2500);
  await page.goto(`${ORIGIN}/guide/authorization-code`);
  await settle();
  found.push(['walk: opened', await longest()]);
  for (const step of ['challenge', 'discovery', 'registration']) {
    await page.keyboard.press('Enter');
    await settle();
    found.push([`walk: ${step}`, await longest()]);
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/consent\//);
  await page.getByRole('button', { name: /approve/i }).click();
  await page.waitForURL(/\/guide\/authorization-code/);
  await settle();
  found.push(['walk: authorization, back from consent', await longest()]);
  for (const step of ['token', 'call', 'refresh', 'revoke']) {
    await page.keyboard.press('Enter');
    await settle();
    found.push([`walk: ${step}`, await longest()]);
  }
  await page.close();
  return found;
}

/** The medians of three measurements of the same places. */
async function medians(measure: () => Promise<readonly Longest[]>): Promise<readonly Longest[]> {
  const runs = [await measure(), await measure(), await measure()];
  return runs[0]!.map(([place], index) => [place, runs.map((run) => run[index]![1]).toSorted((a, b) => a - b)[1]!]);
}

const beside = (goal: number | null): string => (goal === null ? '' : ` (goal ${goal})`);

const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'server.ts'], {
  env: { ...process.env, NODE_ENV: 'production', PORT: String(PORT), DATABASE_URL: ':memory:' },
  stdio: 'ignore',
});
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
try {
  for (let tries = 0; tries < 100; tries += 1) {
    const ready = await fetch(`${ORIGIN}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log('Pages: kB transferred, compressed\n');
  const made = await make();
  for (const [path, goal] of [...PAGES, [pathOf(made), 230] as const]) {
    const { total, kinds } = await weigh(browser, path);
    const parts = Object.entries(kinds)
      .map(([kind, size]) => `${kind} ${size.toFixed(0)}`)
      .join(', ');
    console.log(
      `${path.replace(made.id, '{id}').replace(/#.*/, '').padEnd(28)} ${total.toFixed(0)}${beside(goal)}: ${parts}`,
    );
  }
  const page = await browser.newPage();
  console.log(`\nA sandbox with 500 rows: ${(await liveCost(page)).toFixed(1)} ms of processor an exchange (goal 10)`);
  console.log(`From an exchange to its verdict on the page: ${(await verdictDelay(page)).toFixed(0)} ms (goal 1000)`);
  const full = await fullSandbox();
  console.log('\nLargest contentful paint, ms (goal 1000)');
  for (const path of ['/', '/guide/authorization-code/discovery', pathOf(full)]) {
    const name = path.replace(/[a-z0-9]{26}.*/, '{id}, 500 rows');
    console.log(`${name.padEnd(36)} ${(await largestPaint(browser, path)).toFixed(0)}`);
  }
  console.log('\nLongest task at 4 times slower processor, ms, in the median of three (goal 100)');
  for (const measure of [
    async () => longestInSandbox(browser, await make(), 'a new sandbox'),
    async () => longestInSandbox(browser, full, 'a sandbox with 500 rows'),
    async () => longestInWalk(browser),
  ])
    for (const [place, ms] of await medians(measure)) console.log(`${place.padEnd(40)} ${ms.toFixed(0)}`);
} finally {
  await browser.close();
  server.kill();
}
