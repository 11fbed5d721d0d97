import { Snip } from '#components/controls/snip.tsx';
import { Icon } from '#components/values/glyph.tsx';

/** How to run a scenario without this page. */
export function RunIt({ id, here }: { readonly id: string; readonly here: boolean }) {
  const ways = [
    ['Command', `npx authwalk check -s ${id} -- node ./my-client.js`],
    [
      'Vitest',
      `import { expect, test as base } from 'authwalk/vitest';

const test = base.extend({ sandboxOptions: { scenario: '${id}', consent: 'approve' } });

test('${id}', async ({ sandbox }) => {
  await runMyClient(sandbox.mcp.oauth);
  await expect(sandbox).toPassReport();
});`,
    ],
    [
      'Playwright',
      `import { expect, test } from 'authwalk/playwright';

test.use({ sandboxOptions: { scenario: '${id}', consent: 'approve' } });

test('${id}', async ({ page, sandbox }) => {
  await page.goto(\`/?issuer=\${sandbox.issuer}\`);
  await expect(sandbox).toPassReport();
});`,
    ],
    ...(here
      ? [
          [
            'curl',
            `curl -s http://localhost:3000/api/sandboxes -H 'Content-Type: application/json' -d '{"scenario":"${id}"}'`,
          ],
        ]
      : []),
  ] as [string, string][];
  return (
    <section aria-labelledby="run-h">
      <header className="figh">
        <h2 id="run-h">Run it</h2>
        <div className="end tabs">
          <div className="tabs" role="tablist" aria-label="Ways to run it">
            {ways.map(([title], index) => (
              <button
                key={title}
                type="button"
                role="tab"
                id={`way-${index}-t`}
                aria-controls={`way-${index}`}
                aria-selected={index === 0}
                tabIndex={index === 0 ? 0 : -1}
              >
                {title}
              </button>
            ))}
          </div>
        </div>
      </header>
      {ways.map(([title, text], index) => (
        <div key={title} id={`way-${index}`} role="tabpanel" aria-labelledby={`way-${index}-t`} hidden={index > 0}>
          <Snip text={text} label={`To paste: ${title}`} id={`way-${index}-c`}>
            <button type="button" className="cpy" data-copy={`way-${index}-c`} aria-label={`Copy: ${title}`}>
              <Icon name="copy" />
              <span className="vh" role="status" />
            </button>
          </Snip>
        </div>
      ))}
    </section>
  );
}
