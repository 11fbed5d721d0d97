/** The command line: reads the options, and hands them to the commands. Results go to stdout, all else to stderr. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '#lib/server/version.ts';
import { type BrowseOptions, browse } from './browse.ts';
import { registerCheck } from './check/register.ts';
import { CommandError, EXIT } from './exit.ts';
import { healthcheck } from './healthcheck.ts';
import { type CreateOptions, createSandboxCommand, type ReportCommandOptions, reportCommand } from './sandbox.ts';
import { type ServeOptions, serve } from './serve.ts';

/** A whole number within bounds. */
const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to)
      throw new InvalidArgumentError(`It takes a whole number from ${from} to ${to}.`);
    return value;
  };
const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Where the pages were built: `web/` of the package, or the clone itself. */
const here = import.meta.dirname;
const packaged = existsSync(join(here, '..', '.next'));
const dir = packaged ? join(here, '..') : resolve(here, '..', '..');

/** What runs this very command line, for the client's browser. */
const cli = [process.execPath, '--disable-warning=ExperimentalWarning', process.argv[1]!];

const program = new Command('authwalk')
  .description('Watch OAuth 2.1 happen, then test your own client against it.')
  .version(version, '-V, --version')
  .showHelpAfterError('(authwalk --help says more)')
  .exitOverride();
program.addHelpText(
  'after',
  '\nExit status: 0 good · 1 a verdict against the client · 2 used wrongly · 3 could not run · 130 interrupted',
);

program
  .command('serve', { isDefault: true })
  .description('start the server with its pages')
  .option('-p, --port <n>', 'PORT; if it is not given and 3000 is taken, the next free port', whole(0, 65_535))
  .option('--host <address>', 'HOST (loopback only)')
  .option('--database <url>', 'DATABASE_URL')
  .option('--memory', 'the same as --database :memory:')
  .option('--config <file>', '{ config, seed, allowedHosts }; AUTHWALK_DEFAULT_CONFIG')
  .option('--https', 'speak HTTPS, with a certificate of an authority that is made on first use')
  .option('--no-pages', 'the engine alone: protocol, consent and control API')
  .option('--open', 'open the browser')
  .addOption(new Option('--log <format>', 'how the log is written; AUTHWALK_LOG (text)').choices(['text', 'json']))
  .action((options: ServeOptions) => serve(options, dir, packaged));

registerCheck(program, cli);

const sandbox = program.command('sandbox').description('sandboxes on a running server');
sandbox
  .command('create')
  .description('make a sandbox')
  .option('--url <origin>', 'the server; AUTHWALK_URL')
  .option('-s, --scenario <id>', 'the scenario that it begins with')
  .option('--config <json>', 'knobs, as JSON or the path of a file')
  .option('--seed <json>', 'users, clients and notes, as JSON or the path of a file')
  .option('--ttl <seconds>', 'how long it lives after its last use', whole(60, 604_800))
  .option('--json', 'print the answer of the server')
  .option('--env', 'print lines NAME=value')
  .action(async (options: CreateOptions) => console.log(await createSandboxCommand(options)));
sandbox
  .command('report')
  .argument('<id>', 'the id of the sandbox')
  .description('its verdicts')
  .option('--url <origin>', 'the server; AUTHWALK_URL')
  .option('--control-token <token>', 'of the sandbox; AUTHWALK_CONTROL_TOKEN')
  .addOption(
    new Option('--format <name>', 'how it is written')
      .choices(['markdown', 'json', 'junit', 'ctrf', 'badge'])
      .default('markdown'),
  )
  .option('--json', 'the same as --format json')
  .option('--final', 'close the run, so that what did not happen counts')
  .action(async (id: string, options: ReportCommandOptions) => console.log(await reportCommand(id, options)));

program
  .command('browse')
  .argument('<url>', 'the authorization request')
  .description("be the user's browser: follow an authorization to its end")
  .option('--as <email>', 'sign in as this user')
  .option('--scope <token>', 'grant only this; repeatable', collect)
  .option('--deny', 'refuse')
  .action(async (url: string, options: BrowseOptions) => console.log((await browse(url, options)).href));

program
  .command('healthcheck')
  .description('ask /ready at PORT; for containers')
  .action(() => healthcheck(Number(process.env.PORT || 3000)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = error.status;
  } else if (error instanceof CommanderError) {
    // commander has said what is wrong; help and version are no error.
    process.exitCode = error.exitCode === 0 ? EXIT.good : EXIT.usage;
  } else {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT.couldNotRun;
  }
}
