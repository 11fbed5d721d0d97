/** `authwalk sandbox`: a sandbox on a running server, from the shell. */
import { readFileSync, statSync } from 'node:fs';
import { hasPages } from '../testing/connect.ts';
import { createControl } from '../testing/control.ts';
import { AuthwalkError } from '../testing/errors.ts';
import type { SandboxJson } from '../testing/sandbox.ts';
import { CommandError, EXIT, used } from './exit.ts';

/** Where the server is, unless it is said. */
export const USUAL_ORIGIN = 'http://localhost:3000';

export interface CreateOptions {
  readonly url?: string;
  readonly scenario?: string;
  readonly config?: string;
  readonly seed?: string;
  readonly ttl?: number;
  readonly json?: boolean;
  readonly env?: boolean;
}
export interface ReportCommandOptions {
  readonly url?: string;
  readonly controlToken?: string;
  readonly format?: string;
  /** The same as the format `json`. */
  readonly json?: boolean;
  readonly final?: boolean;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** JSON that stands in the option itself, or in a file. @throws CommandError if it is neither */
export function jsonOption(name: string, value: string): unknown {
  const isText = value.trimStart().startsWith('{');
  if (!isText && !isFile(value))
    used(`${name} takes JSON, or the path of a file that holds JSON; there is no file ${value}.`);
  try {
    return JSON.parse(isText ? value : readFileSync(value, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return used(
      `${name} takes JSON, or the path of a file that holds JSON; ${isText ? 'this' : value} is not JSON: ${why}`,
    );
  }
}

/** The origin of a running server. @throws CommandError if it is no address */
export function originOption(url: string = process.env.AUTHWALK_URL || USUAL_ORIGIN): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    used(`--url takes the origin of a server, such as ${USUAL_ORIGIN}.`);
  return new URL(url).origin;
}

/** Whether a server refused for the moment, whatever it was asked. */
const isForNow = ({ details: { status } }: AuthwalkError): boolean =>
  typeof status === 'number' && (status === 429 || status >= 500);

const failed = (error: unknown): never => {
  if (!(error instanceof AuthwalkError)) throw error;
  if (error.code !== 'unreachable')
    throw new CommandError(isForNow(error) ? EXIT.couldNotRun : EXIT.usage, error.message);
  const trust = error.message.includes('https:') ? ' Name its authority by NODE_EXTRA_CA_CERTS if it has its own.' : '';
  const start = ' Start it by authwalk serve, or name another by --url.';
  throw new CommandError(EXIT.couldNotRun, `${error.message}${start}${trust}`);
};

/** Makes a sandbox. @returns what is printed */
export async function createSandboxCommand({
  url,
  scenario,
  config,
  seed,
  ttl,
  json,
  env,
}: CreateOptions): Promise<string> {
  const origin = originOption(url);
  const made = await createControl(globalThis.fetch, `${origin}/api`, null)
    .json<SandboxJson>('POST', '/sandboxes', {
      ...(scenario === undefined ? {} : { scenario }),
      ...(config === undefined ? {} : { config: jsonOption('--config', config) }),
      ...(seed === undefined ? {} : { seed: jsonOption('--seed', seed) }),
      ...(ttl === undefined ? {} : { ttl }),
    })
    .catch(failed);
  if (json) return JSON.stringify(made, null, 2);
  if (env)
    return [
      `AUTHWALK_URL=${origin}`,
      `AUTHWALK_SANDBOX_ID=${made.id}`,
      `AUTHWALK_MCP_URL=${made.mcp.oauth}`,
      `AUTHWALK_ISSUER=${made.issuer}`,
      `AUTHWALK_CONTROL_TOKEN=${made.control_token}`,
    ].join('\n');
  const page = (await hasPages(origin)) ? made.inspect_url : 'none: this server runs without pages';
  return [
    `page           ${page}`,
    `MCP address    ${made.mcp.oauth}`,
    `issuer         ${made.issuer}`,
    `control token  ${made.control_token}`,
  ].join('\n');
}

/** The verdicts of a sandbox, in one of the report's formats. @returns what is printed */
export async function reportCommand(id: string, options: ReportCommandOptions): Promise<string> {
  const { url, controlToken = process.env.AUTHWALK_CONTROL_TOKEN, final = false, json = false } = options;
  const format = json ? 'json' : (options.format ?? 'markdown');
  if (controlToken === undefined || controlToken === '')
    used('A report needs the control token of the sandbox: --control-token, or AUTHWALK_CONTROL_TOKEN.');
  const origin = originOption(url);
  const address = `${origin}/api/sandboxes/${encodeURIComponent(id)}`;
  return createControl(globalThis.fetch, address, controlToken)
    .text(`/report?format=${encodeURIComponent(format)}${final ? '&final=1' : ''}`)
    .catch(failed);
}
