/** Takes the client through one scenario. */
import { pathRows } from '#lib/coach/path.ts';
import type { Report } from '#lib/coach/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { tokenOf } from '#lib/exchange/read.ts';
import type { ClientSeed } from '../../testing/types.ts';
import { installBrowser } from './browser.ts';
import { runChild } from './child.ts';
import type { ScenarioRun } from './results.ts';
import type { Ground, Grounds } from './sandboxes.ts';
import type { ScenarioChoice } from './select.ts';
import { suiteEnvironment } from './suite.ts';

/** How the client is started, the same in every scenario. */
export interface ClientCommand {
  /** COMMAND and its arguments; `{url}` stands for the address. */
  readonly words: readonly string[];
  readonly revision: string;
  /** No MCP client: `{url}` is the issuer. */
  readonly oauth: boolean;
  readonly consent: 'approve' | 'deny' | 'ask';
  /** Whether attempts to open a browser lead to `authwalk browse`. */
  readonly followBrowser: boolean;
  readonly redirectUris: readonly string[];
  /** Milliseconds, beside what the scenario itself holds back. */
  readonly timeout: number;
  readonly keep: boolean;
  /** What runs this command line. */
  readonly cli: readonly string[];
}

/** What a run leaves for the output folder. */
export interface Artefacts {
  readonly har: string;
}

/** @param signal interrupts it */
export async function runScenario(
  scenario: ScenarioChoice,
  command: ClientCommand,
  grounds: Grounds,
  signal: AbortSignal,
): Promise<ScenarioRun & { readonly artefacts: Artefacts | null; readonly exchanges: readonly Exchange[] }> {
  const clients: ClientSeed[] =
    command.redirectUris.length === 0 ? [] : [{ client_id: 'authwalk-check', redirect_uris: command.redirectUris }];
  const ground = await grounds.open({
    scenario: scenario.id,
    config: scenario.decidesConsent ? {} : { 'consent.outcome': command.consent },
    clients,
  });
  try {
    const child = await runClient(scenario, command, ground, signal);
    const exchanges = await ground.sandbox.exchanges();
    const report =
      exchanges.length === 0 ? null : ((await ground.sandbox.report({ final: true })).json as unknown as Report);
    return {
      scenario,
      arrived: exchanges.length,
      path: pathRows(exchanges),
      report,
      child,
      inspectUrl: command.keep ? ground.inspectUrl : null,
      retried: [],
      interrupted: signal.aborted,
      artefacts: { har: await ground.sandbox.export('har', { reveal: false }) },
      exchanges,
    };
  } finally {
    await ground.close(command.keep);
  }
}

/** Whether a call with a token got through; for a client without MCP, whether it got a token. */
export function gotThrough(exchanges: readonly Exchange[], oauth: boolean): boolean {
  return exchanges.some((exchange) => {
    const ok = exchange.response !== null && exchange.response.status < 300;
    if (!ok) return false;
    return oauth ? exchange.endpoint === 'token' : exchange.to === 'mcp' && tokenOf(exchange) !== null;
  });
}

async function runClient(scenario: ScenarioChoice, command: ClientCommand, ground: Ground, signal: AbortSignal) {
  const { sandbox, client } = ground;
  const url = command.oauth ? sandbox.issuer : sandbox.mcp.oauth;
  const placed = command.words.some((word) => word.includes('{url}'));
  const [program, ...args] = placed
    ? command.words.map((word) => word.replaceAll('{url}', url))
    : [...command.words, url];
  const browser = command.followBrowser ? installBrowser(command.cli) : null;
  try {
    return await runChild({
      command: program!,
      args,
      timeout: command.timeout + scenario.heldBack * 1000,
      signal,
      env: {
        ...withoutControl(process.env),
        ...browser?.env,
        AUTHWALK_MCP_URL: sandbox.mcp.oauth,
        AUTHWALK_ISSUER: sandbox.issuer,
        AUTHWALK_SCENARIO: scenario.id,
        AUTHWALK_REVISION: command.revision,
        AUTHWALK_DO: JSON.stringify(scenario.drive),
        ...(client === null ? {} : { AUTHWALK_CLIENT_ID: client.client_id }),
        ...(client?.client_secret === undefined ? {} : { AUTHWALK_CLIENT_SECRET: client.client_secret }),
        ...suiteEnvironment(scenario, client, command.revision),
      },
    });
  } finally {
    browser?.close();
  }
}

/** The environment without what would let the client steer the server. */
function withoutControl(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const { AUTHWALK_CONTROL_TOKEN: _control, AUTHWALK_ADMIN_TOKEN: _admin, ...rest } = env;
  return rest;
}
