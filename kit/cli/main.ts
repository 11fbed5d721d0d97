/** The command line: reads the options, and hands them to the commands. Results go to stdout, all else to stderr. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { version } from '#lib/server/version.ts';
import { type BrowseOptions, browse } from './browse.ts';
import { registerCheck } from './check/register.ts';
import { CommandError, EXIT, used } from './exit.ts';
import { healthcheck } from './healthcheck.ts';
import {
  type CreateOptions,
  createSandboxCommand,
  type ReportCommandOptions,
  reportCommand,
  USUAL_ORIGIN,
} from './sandbox.ts';
import { type ServeOptions, serve } from './serve.ts';
import { collect, whole } from './values.ts';

/** Where the pages were built: `web/` of the package, or the clone itself. */
const here = import.meta.dirname;
const packaged = existsSync(join(here, '..', '.next'));
const dir = packaged ? join(here, '..') : resolve(here, '..', '..');

/** What runs this very command line, for the client's browser. */
const cli = [process.execPath, '--disable-warning=ExperimentalWarning', process.argv[1]!];

/** The commands that do something: `sandbox create`, and not `sandbox`. */
const leavesOf = (command: Command): Command[] =>
  command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : leavesOf(one)));
/** A command with what it has to be given: `sandbox report ID`. */
const termOf = (command: Command): string => {
  const group = command.parent === null || command.parent === program ? '' : `${command.parent.name()} `;
  return `${group}${command.name()} ${command.usage().replaceAll(/\[[^\]]*\]/g, '')}`.replaceAll(/\s+/g, ' ').trim();
};

const program = new Command('authwalk')
  .description('Watch OAuth 2.1 happen, then test your own client against it.')
  .version(version, '-V, --version')
  .usage('[command] [options]')
  .configureHelp({ visibleCommands: leavesOf, subcommandTerm: termOf })
  .showHelpAfterError('(authwalk --help says more)')
  .exitOverride();
program.addHelpText(
  'after',
  '\nExit status: 0 good · 1 a verdict against the client · 2 used wrongly · 3 could not run · 130 interrupted',
);

program
  .command('serve', { isDefault: true })
  .description('start the server with its pages; also without a command')
  .option('-p, --port <n>', 'where it listens; PORT (3000, or the next free port)', whole(0, 65_535))
  .option('--host <address>', 'the address that it listens at; HOST (loopback only)')
  .option('--database <url>', 'file:PATH, :memory: or postgres://…; DATABASE_URL')
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
  .option('--url <origin>', `the server; AUTHWALK_URL (${USUAL_ORIGIN})`)
  .option('-s, --scenario <id>', 'the scenario that it begins with')
  .option('--config <json>', 'knobs, as JSON or the path of a file')
  .option('--seed <json>', 'users, clients and notes, as JSON or the path of a file')
  .option('--ttl <seconds>', 'how long it lives after its last use', whole(60, 604_800))
  .option('--json', 'print the answer of the server')
  .option('--env', 'print lines NAME=value')
  .action(async (options: CreateOptions) => console.log(await createSandboxCommand(options)));
sandbox
  .command('report')
  .usage('[options] ID')
  .argument('<id>', 'the id of the sandbox')
  .description('its verdicts')
  .option('--url <origin>', `the server; AUTHWALK_URL (${USUAL_ORIGIN})`)
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
  .usage('[options] URL')
  .argument('<url>', 'the authorization request')
  .description("be the user's browser: follow an authorization to its end")
  .option('--as <email>', 'sign in as this user')
  .option('--scope <token>', 'grant only this; repeatable', collect)
  .option('--deny', 'refuse')
  .action(async (url: string, options: BrowseOptions) => console.log((await browse(url, options)).href));

program
  .command('healthcheck')
  .description('ask /ready at PORT; for containers')
  .action(() => healthcheck(portOf(process.env.PORT || '3000')));

/** @throws CommandError for what is no port */
function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    used(`PORT is ${JSON.stringify(text)}; it takes a whole number from 1 to 65535.`);
  return port;
}

/** Without this, a slip of the pen would be an argument of `serve`. @throws CommandError for what is no command */
function demandCommand(word: string | undefined): void {
  const names = program.commands.map((command) => command.name());
  if (word !== undefined && !word.startsWith('-') && ![...names, 'help'].includes(word))
    used(`There is no command ${word}. The commands are ${names.join(', ')}; authwalk --help says more.`);
}

try {
  demandCommand(process.argv[2]);
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
