/**
 * Sets the server of the MCP conformance suite and ours side by side: the same client goes through each authorization
 * scenario that both have, and what it asked and was answered is compared, request by request, and what was found.
 *
 *     node tests/coach/beside-suite.mjs [--only SCENARIO] [--save] [-- COMMAND [ARGS...]]
 *
 * COMMAND is the client; without it, it is the SDK's own (`@modelcontextprotocol/client` 2). Each difference has to
 * stand in `beside-known.json` with its reason; `--save` writes down what was seen, and keeps the reasons that are
 * there. Exits 1 if there is a difference that is not known, or one that is no more.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { rules } from '#lib/coach/rules/index.ts';

const root = join(import.meta.dirname, '../..');

const node = process.execPath;
const SUITE = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const KNOWN = join(import.meta.dirname, 'beside-known.json');
const args = process.argv.slice(2);
const dashes = args.indexOf('--');
const options = dashes < 0 ? args : args.slice(0, dashes);
const words = dashes < 0 ? [node, join(import.meta.dirname, 'suite-client.ts'), 'sdk2'] : args.slice(dashes + 1);
const only = options.includes('--only') ? options[options.indexOf('--only') + 1] : null;
const clientName = dashes < 0 ? 'sdk2' : 'everything-client';
/** The checks of the suite that look at the same as a rule of ours. */
const checksOf = new Map(rules.map(({ id, checks }) => [id, checks]));
/** ms for one run of a client. */
const PATIENCE = 60_000;
/** The suite hands their credentials out only if it starts the client itself. */
const WITH_CREDENTIALS = new Set([
  'pre-registration',
  'client-credentials-jwt',
  'client-credentials-basic',
  'enterprise-managed-authorization',
  'wif-jwt-bearer',
]);

/** Runs a program to its end. @returns its output */
function output(command, commandArgs, env = {}, timeout = PATIENCE) {
  const child = spawn(command, commandArgs, {
    cwd: root,
    env: { ...process.env, ...env },
    timeout,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  return new Promise((resolve) => {
    child.once('exit', () => resolve(text));
  });
}

/** The checks of the suite, after its server has met the client. */
async function suiteChecks(scenario, revision, folder) {
  const into = join(folder, 'suite', scenario.replace('/', '-'));
  mkdirSync(into, { recursive: true });
  const start = [
    SUITE,
    'client',
    '--scenario',
    scenario,
    '-o',
    into,
    '--spec-version',
    revision,
    // Extensions are of no revision.
    '--force',
  ];
  if (WITH_CREDENTIALS.has(scenario.replace('auth/', ''))) {
    const command = words.map((word) => (/[^\w./:@-]/.test(word) ? JSON.stringify(word) : word)).join(' ');
    await output(node, [...start, '--command', command, '--timeout', String(PATIENCE)], {}, PATIENCE + 5000);
  } else {
    const server = spawn(node, start, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => {
      server.once('exit', resolve);
    });
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
    });
    for (let i = 0; i < 100 && !text.includes('Server URL: '); i++) await wait(100);
    const url = /Server URL: (\S+)/.exec(text)?.[1];
    if (url === undefined) throw new Error(`The suite did not start ${scenario}: ${text}`);
    await output(words[0], [...words.slice(1), url], {
      MCP_CONFORMANCE_SCENARIO: scenario,
      MCP_CONFORMANCE_PROTOCOL_VERSION: revision,
    });
    server.kill('SIGINT');
    await ended;
  }
  const [run] = readdirSync(into, { recursive: true }).filter((name) => name.endsWith('checks.json'));
  return JSON.parse(readFileSync(join(into, run), 'utf8'));
}

/** Names of parameters. Where scopes are not what the scenario is about, ours lists some and the suite's none. */
const namesOf = (value) =>
  Object.keys(value ?? {})
    .filter((name) => name !== 'prompt' && (aboutScopes || name !== 'scope'))
    .sort()
    .join(' ');
let aboutScopes = false;

/** What a request is for, in words that both servers share. */
function stepOf(path, { query, form, json, grant, rpc }) {
  const known = /\.well-known\/(oauth-protected-resource|oauth-authorization-server|openid-configuration)/.exec(path);
  if (known !== null) return `metadata ${known[1]}`;
  const last = path.split('/').pop();
  if (last === 'register') return `register (${namesOf(json)})`;
  if (last === 'authorize') return `authorize (${namesOf(query)})`;
  // The suite's servers of 2025-03-26 write down no form.
  if (last === 'token' && grant === '?') return 'token ?';
  if (last === 'token') return `token ${grant} (${namesOf(form)})`;
  if (rpc !== undefined) return rpc === 'tools/call' ? null : `call ${rpc}`;
  // The stream of a session: neither server has one, and each says so in its own way.
  return null;
}

/** What arrived at the server of the suite. */
function suiteSteps(checks) {
  const incoming = [];
  const steps = [];
  for (const { id, details } of checks) {
    if (/^incoming/.test(id) && details?.method) incoming.push(details);
    if (!/^outgoing/.test(id) || !details?.method) continue;
    const at = incoming.findIndex((one) => one.method === details.method && one.path === details.path);
    const { path, query, body, mcpMethod } = at < 0 ? details : incoming.splice(at, 1)[0];
    const step = stepOf(path, {
      query,
      form: body,
      json: body,
      grant: body?.grant_type ?? '?',
      rpc: mcpMethod,
    });
    if (step !== null) steps.push(`${step} → ${details.statusCode}`);
  }
  return steps;
}

/** What arrived at ours. */
function ownSteps(har) {
  return har.log.entries.flatMap(({ request, response }) => {
    const url = new URL(request.url);
    const text = request.postData?.text ?? '';
    const form = Object.fromEntries(
      request.postData?.params?.map(({ name, value }) => [name, value]) ?? new URLSearchParams(text),
    );
    let json = {};
    try {
      json = JSON.parse(text);
    } catch {
      /* a form */
    }
    const step = stepOf(url.pathname, {
      query: Object.fromEntries(url.searchParams),
      form,
      json,
      grant: form.grant_type,
      rpc: json.method,
    });
    return step === null ? [] : [`${step} → ${response.status}`];
  });
}

const same = (suite, own) =>
  suite === own || (suite.startsWith('token ?') && own.startsWith('token ') && suite.slice(-3) === own.slice(-3));

/** The lines that only one of two lists has, in order: `-` the suite's, `+` ours. */
function difference(suite, own) {
  const table = Array.from({ length: suite.length + 1 }, () => new Array(own.length + 1).fill(0));
  for (let i = suite.length - 1; i >= 0; i--)
    for (let k = own.length - 1; k >= 0; k--)
      table[i][k] = same(suite[i], own[k]) ? table[i + 1][k + 1] + 1 : Math.max(table[i + 1][k], table[i][k + 1]);
  const lines = [];
  let [i, k] = [0, 0];
  while (i < suite.length || k < own.length)
    if (i < suite.length && k < own.length && same(suite[i], own[k])) {
      i++;
      k++;
    } else if (k >= own.length || (i < suite.length && table[i + 1][k] >= table[i][k + 1]))
      lines.push(`- ${suite[i++]}`);
    else lines.push(`+ ${own[k++]}`);
  return lines;
}

/** Failures and warnings, by the names that each of the two gives them; what both found is left out. */
function differentFindings(checks, report) {
  const suite = new Map(
    checks
      .filter(({ status }) => /^(?:FAILURE|WARNING)$/.test(status))
      .map(({ id, status }) => [id, status === 'FAILURE' ? 'fails' : 'warns']),
  );
  const own = new Map(
    (report?.verdicts ?? [])
      .filter(({ verdict }) => /^(?:fail|warn)$/.test(verdict))
      .map(({ rule, verdict }) => [rule, `${verdict}s`]),
  );
  for (const rule of [...own.keys()]) {
    const both = checksOf.get(rule).filter((id) => suite.has(id));
    for (const id of both) suite.delete(id);
    if (both.length > 0) own.delete(rule);
  }
  return [
    ...[...suite].sort().map(([id, how]) => `- ${id} ${how}`),
    ...[...own].map(([rule, how]) => `+ ${rule} ${how}`),
  ];
}

/** The authorization scenarios of the suite, each with the revision in which it is compared. */
async function scenariosOfSuite() {
  const text = await output(node, [SUITE, 'list']);
  return [...text.matchAll(/^ {2}- auth\/(\S+) \[(.*)\]$/gm)]
    .map(([, name, versions]) => ({
      name,
      revision:
        ['2025-11-25', '2026-07-28', '2025-03-26'].find((one) => versions.split(',').includes(one)) ?? '2026-07-28',
    }))
    .filter(({ name }) => only === null || name === only);
}

/** Takes the client through ours, by `authwalk check`. @returns what it found, by the suite's name */
async function ownRuns(scenarios, folder) {
  const found = new Map();
  for (const revision of new Set(scenarios.map((one) => one.revision))) {
    const names = scenarios.filter((one) => one.revision === revision).map(({ name }) => name);
    const into = join(folder, 'own', revision);
    await output(
      node,
      [
        '--disable-warning=ExperimentalWarning',
        'kit/cli/main.ts',
        'check',
        '--keep-going',
        '-j',
        '2',
        '--revision',
        revision,
        ...names.flatMap((name) => ['-s', `auth/${name}`]),
        '-o',
        into,
        '-r',
        `json=${join(into, 'check.json')}`,
        '--',
        ...words,
      ],
      {},
      names.length * PATIENCE,
    );
    const { scenarios: results } = JSON.parse(readFileSync(join(into, 'check.json'), 'utf8'));
    for (const result of results) {
      const har = JSON.parse(readFileSync(join(into, result.scenario, 'run.har'), 'utf8'));
      found.set(result.scenario, { ...result, har });
    }
  }
  return found;
}

const folder = mkdtempSync(join(tmpdir(), 'authwalk-beside-'));
try {
  const known = JSON.parse(readFileSync(KNOWN, 'utf8'));
  const { everywhere, ...before } = known[clientName] ?? {};
  /** What differs in each scenario for one and the same reason. */
  const usual = new Set([...(everywhere?.requests ?? []), ...(everywhere?.verdicts ?? [])]);
  const scenarios = await scenariosOfSuite();
  const own = await ownRuns(scenarios, folder);
  const seen = {};
  let unlike = 0;
  for (const { name, revision } of scenarios) {
    const checks = await suiteChecks(`auth/${name}`, revision, folder);
    const ours = own.get(name);
    aboutScopes = /^(?:scope|offline)-/.test(name);
    const requests = (
      ours === undefined ? ['it was not run here'] : difference(suiteSteps(checks), ownSteps(ours.har))
    ).filter((line) => !usual.has(line));
    const verdicts = differentFindings(checks, ours?.report).filter((line) => !usual.has(line));
    const alike = requests.length + verdicts.length === 0;
    const was = before[name];
    const isKnown = alike
      ? was === undefined
      : JSON.stringify([was?.requests, was?.verdicts]) === JSON.stringify([requests, verdicts]);
    console.log(`${alike ? '=' : isKnown ? '~' : '!'} ${name}`);
    if (!alike) seen[name] = { requests, verdicts, because: was?.because ?? '' };
    if (isKnown) continue;
    unlike++;
    for (const line of [...requests, ...verdicts]) console.log(`    ${line}`);
    if (alike) console.log('    It is alike by now: take its entry out.');
  }
  if (options.includes('--save')) {
    const all = only === null ? seen : { ...before, ...seen };
    writeFileSync(KNOWN, `${JSON.stringify({ ...known, [clientName]: { everywhere, ...all } }, null, 2)}\n`);
  }
  const alike = scenarios.length - Object.keys(seen).length;
  console.log(
    `\n${scenarios.length} scenarios with ${clientName}: ${alike} alike, ` +
      `${Object.keys(seen).length - unlike} with known differences, ${unlike} not as written down`,
  );
  process.exitCode = unlike > 0 && !options.includes('--save') ? 1 : 0;
} finally {
  if (options.includes('--keep')) console.log(folder);
  else rmSync(folder, { recursive: true, force: true });
}
