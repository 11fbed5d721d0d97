/** The README of the package: what the README of the repository says to those who install it. */

/** Parts that they get, by heading; what stands before the first heading comes first. */
const PARTS = ['From npm', 'What there is'];

/** @param readme of the repository, Markdown */
export function packageReadme(readme) {
  const [title, ...parts] = readme.split(/^(?=## )/m);
  const chosen = PARTS.map((name) => parts.find((part) => part.startsWith(`## ${name}\n`)));
  if (chosen.includes(undefined)) throw new Error(`The README lacks one of the parts ${PARTS.join(', ')}.`);
  return [title, ...chosen, 'MIT licensed.\n']
    .join('')
    .replaceAll(/^!\[.*\n\n/gm, '')
    .replaceAll('](docs/', '](data/docs/')
    .replaceAll('](examples)', '](data/examples)');
}
