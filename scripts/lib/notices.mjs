/** The licences of what the package bundles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The text of THIRD-PARTY-NOTICES.
 * @param {string} root the checkout
 * @param {readonly string[]} direct names of the direct dependencies
 */
export function notices(root, direct) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const seen = new Map();
  const visit = (name, from) => {
    // The nearest one up the tree, as Node resolves it.
    let at = from;
    for (;;) {
      const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (lock[path] !== undefined) {
        if (seen.has(path)) return;
        seen.set(path, lock[path]);
        for (const next of Object.keys(lock[path].dependencies ?? {})) visit(next, path);
        return;
      }
      if (at === '') return;
      at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '';
    }
  };
  for (const name of direct) visit(name, '');
  const sections = [...seen]
    .filter(([path]) => existsSync(join(root, path)))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return `${name} ${version}\nLicence: ${license ?? 'see below'}\n\n${licenceText(join(root, path))}`;
    });
  const head = 'This package holds code of the following packages, each under its own licence.';
  return `${head}\n\n${sections.join(`\n\n${'-'.repeat(78)}\n\n`)}\n`;
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)(?:\.|$|-)/i.test(name));
  return file === undefined ? '(The package holds no licence text.)' : readFileSync(join(folder, file), 'utf8').trim();
}
