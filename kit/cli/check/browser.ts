/** Leads the client's attempts to open a browser to `authwalk browse`. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Browser {
  /** What the client's environment gets: `BROWSER`, and a `PATH` in which `open` and `xdg-open` come first. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** A word as a POSIX shell takes it literally. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Makes the commands in a folder of their own.
 * @param cli what runs this command line: the program and its first arguments
 */
export function installBrowser(cli: readonly string[], path: string = process.env.PATH ?? ''): Browser {
  const folder = mkdtempSync(join(tmpdir(), 'authwalk-browser-'));
  // The address is the last argument: some programs put options before it.
  const script = `#!/bin/sh\nfor url; do :; done\nexec ${cli.map(quoted).join(' ')} browse "$url" >/dev/null\n`;
  for (const name of ['xdg-open', 'open', 'authwalk-browser', 'wslview', 'x-www-browser', 'www-browser']) {
    const file = join(folder, name);
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }
  return {
    env: { BROWSER: join(folder, 'authwalk-browser'), PATH: `${folder}${delimiter}${path}` },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
