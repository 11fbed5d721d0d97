import { editorConnections, serverName } from '#lib/exchange/connect.ts';
import { headers } from 'next/headers';
import { listTracks } from '#lib/guide/load.ts';
import { serverAddress } from '#lib/server/views/refusal.ts';
import { AutomateCode } from './automate.tsx';
import { Copy } from './copy.tsx';
import { inWords } from './words.ts';
import { Learn } from './learn.tsx';

/** The three ways in. */
export async function Doors() {
  const address = await serverAddress((await headers()).get('host'));
  const tracks = listTracks();
  const main = tracks.find((track) => track.main);
  return (
    <section className="doors" aria-label="Three ways in">
      <article className="door">
        <h2>Learn</h2>
        <p>
          {main ? inWords(main.steps.length, true) : 'All'} steps through the authorization code flow. Change a value,
          leave one out, run the attack, and read what each line means.
        </p>
        <Learn tracks={tracks} />
      </article>
      <article className="door">
        <h2>Test your client</h2>
        <p>
          Paste one address into Claude, Cursor, VS Code or your own code. In a sandbox of yours each request is kept
          and explained as it arrives.
        </p>
        <div className="fig">
          <p className="paste">
            <span id="address">
              {address.replace(/\/mcp$/, '')}
              <span className="mcp">
                <b className="v">/mcp</b>
              </span>
            </span>
            <Copy from="address" label="Copy the address of the MCP server" />
          </p>
          <ul className="snips">
            {editorConnections({ url: address, name: serverName('default') })
              .slice(0, 2)
              .map(({ title, text, language }) => (
                <li key={title}>
                  <span>{title}</span>
                  <code>{language === 'json' ? JSON.stringify(JSON.parse(text)) : text}</code>
                </li>
              ))}
          </ul>
        </div>
        <p className="ways">
          <a className="btn" href="/sandbox">
            Open a sandbox
          </a>
          <a className="link" href="/mcp">
            All snippets
          </a>
          <a className="link" href="/sandbox/default">
            Watch what arrives
          </a>
        </p>
      </article>
      <article className="door">
        <h2>Automate</h2>
        <p>
          The same server under Playwright or Vitest: one parameter, and a made-up user approves. No browser to drive,
          no network to reach.
        </p>
        <div className="fig">
          <AutomateCode />
        </div>
        <a className="btn" href="/reference#authorize">
          Read the parameters
        </a>
      </article>
    </section>
  );
}
