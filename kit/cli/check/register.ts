/** The options of `authwalk check`, without what it runs. */
import { type Command, Option } from 'commander';
import { FEATURES, SCENARIO_GROUPS } from '#lib/config/scenarios/scenario.ts';
import { collect, number, redirectUri, whole } from '../values.ts';
import type { CheckOptions } from './options.ts';

/** Adds the command to the program. @param cli what runs this command line: the program and its first arguments */
export function registerCheck(program: Command, cli: readonly string[]): void {
  program
    .command('check')
    .description('run a client through scenarios, and say what the specifications say')
    .usage('[options] -- COMMAND [ARGS...]')
    .argument('[command...]', 'the client, after --; {url} stands for the address')
    .option('-s, --scenario <id>', "repeatable; globs; the conformance suite's names too", collect)
    .option('--group <name>', `${SCENARIO_GROUPS.join(', ')}; repeatable`, collect)
    .option('--feature <name>', `${FEATURES.join(', ')}; repeatable`, collect)
    .option('--revision <date>', 'the MCP revision that the client speaks', '2026-07-28')
    .option('--oauth', 'the client is no MCP client: {url} is the issuer')
    .addOption(new Option('--level <level>', 'what counts against it').choices(['MUST', 'SHOULD']).default('MUST'))
    .option('--require-observed', 'rules that a scenario is about and that were not observed count too')
    .option('--expected-failures <file>', 'known failures, as YAML')
    .option('--write-expected-failures <file>', 'writes that file')
    .addOption(
      new Option('--consent <outcome>', 'what the user says').choices(['approve', 'deny', 'ask']).default('approve'),
    )
    .addOption(
      new Option('--browser <mode>', 'what happens when it opens a browser')
        .choices(['follow', 'none'])
        .default('follow'),
    )
    .option('--redirect-uri <uri>', 'registers a client beforehand; its id is in the environment', redirectUri)
    .option('-j, --jobs <n>', 'side by side', whole(1, 32), 1)
    .option('--timeout <seconds>', 'for each scenario, beside what the scenario itself holds back', number(1, 3600), 30)
    .option('--url <origin>', 'a server that runs already; AUTHWALK_URL (one of its own)')
    .option('--keep-going', 'does not stop when the client never gets through the scenario conforming')
    .option('-r, --reporter <name>', 'pretty, json, junit, ctrf, markdown, github; NAME=FILE; repeatable', collect)
    .option('--json', 'the same as --reporter json; with --list, the scenarios as JSON')
    .option('-o, --output-dir <dir>', 'for each scenario: report.json, run.har, stdout.txt, stderr.txt')
    .option('--keep', 'leaves the sandboxes, prints their pages')
    .option('--list', 'prints the scenarios')
    .action(async (words: string[], options: CheckOptions) => {
      // Loaded when it is run: `authwalk browse` has to start at once.
      const { check } = await import('./command.ts');
      process.exitCode = await check(words, options, cli);
    });
}
