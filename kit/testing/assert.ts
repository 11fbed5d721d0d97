/** Assertions for runners without matchers, and what the matchers are made of. */
import { AssertionError } from 'node:assert';
import { demandEndpoint, demandExpectation, demandReportOptions, demandSandbox } from './demand.ts';
import { counted, listing, wanted } from './match.ts';
import { judge, pageOf } from './report.ts';
import type { Came, EndpointName, ReportOptions, Sandbox, Sent } from './types.ts';

/** Whether an expectation holds, and what is said about it. */
export interface Outcome {
  readonly pass: boolean;
  readonly message: string;
}

/** Whether a request arrived; with `times`, exactly so many. */
export async function received(
  sandbox: Sandbox,
  endpoint: EndpointName,
  sent: Sent = {},
  came: Came = {},
): Promise<Outcome> {
  demandEndpoint(endpoint);
  demandExpectation(sent, came);
  const { times, ...rest } = came;
  const found = await sandbox.exchanges(endpoint, sent, rest);
  const pass = times === undefined ? found.length > 0 : found.length === times;
  const often = times === undefined ? 'at least once' : counted(times, 'time');
  const all = await sandbox.exchanges();
  return {
    pass,
    message:
      `Expected ${wanted(endpoint, sent, rest)} ${often}; it arrived ${counted(found.length, 'time')}. What ` +
      `arrived:\n${listing(all)}${pageOf(sandbox.inspectUrl)}`,
  };
}

/** Whether no rule that counts speaks against the client, and at least one has passed. */
export async function passesReport(sandbox: Sandbox, options: ReportOptions = {}): Promise<Outcome> {
  demandReportOptions(options);
  const { pass, passed, against, says } = judge(await sandbox.report({ final: options.final ?? true }), options);
  const arrived = passed + against.length > 0 ? '' : `\n\nWhat arrived:\n${listing(await sandbox.exchanges())}`;
  return { pass, message: `${says}${arrived}${pageOf(sandbox.inspectUrl)}` };
}

/** @throws AssertionError with what arrived instead */
export async function assertReceived(
  sandbox: Sandbox,
  endpoint: EndpointName,
  sent?: Sent,
  came?: Came,
): Promise<void> {
  demandSandbox(sandbox, 'assertReceived() takes a sandbox, an endpoint, and what was sent');
  const { pass, message } = await received(sandbox, endpoint, sent, came);
  if (!pass) throw new AssertionError({ message });
}

/** @throws AssertionError with rule, clause, evidence and fix */
export async function assertReport(sandbox: Sandbox, options?: ReportOptions): Promise<void> {
  demandSandbox(sandbox, 'assertReport() takes a sandbox');
  const { pass, message } = await passesReport(sandbox, options);
  if (!pass) throw new AssertionError({ message });
}
