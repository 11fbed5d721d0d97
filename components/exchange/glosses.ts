/**
 * What is said of a line that no track has a note for, while somebody points at it: what stands in
 * every HTTP message, in every JSON-RPC request and in the answers of this server.
 */
import type { Note } from './view.ts';

type Gloss = Pick<Note, 'text' | 'clause'>;
const http = (section: string, title: string) => ({
  label: `RFC 9110 §${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc9110#section-${section}`,
  title,
});

export const commonGlosses: Readonly<Record<string, Gloss>> = {
  Host: { text: 'Which site is meant; one machine may serve many.', clause: http('7.2', 'Host and :authority') },
  Accept: { text: 'Which kinds of answer the sender can read.', clause: http('12.5.1', 'Accept') },
  'Content-Type': { text: 'What the body is written in.', clause: http('8.3', 'Content-Type') },
  Authorization: { text: 'Who asks, or what lets them in.', clause: http('11.6.2', 'Authorization') },
  'WWW-Authenticate': { text: 'How to get access, and where to begin.', clause: http('11.6.1', 'WWW-Authenticate') },
  Location: { text: 'Where the browser goes now, by itself.', clause: http('10.2.2', 'Location') },
  'Cache-Control': { text: '`no-store`: no cache on the way may keep this.' },
  Origin: { text: 'Which page asks. The browser adds it, and the page cannot change it.' },
  Allow: { text: 'The methods that this address takes.', clause: http('10.2.1', 'Allow') },
  'Retry-After': { text: 'Seconds to wait before asking again.', clause: http('10.2.3', 'Retry-After') },
  'MCP-Protocol-Version': { text: 'Which revision of MCP is spoken, said with each request.' },
  'Mcp-Method': { text: 'The method of the body, where a gateway can see it.' },
  'Mcp-Name': { text: 'The tool that is meant, where a gateway can see it.' },
  200: { text: 'Done.', clause: http('15.3.1', '200 OK') },
  201: { text: 'Made: there is something now that was not there before.', clause: http('15.3.2', '201 Created') },
  302: { text: 'Go on elsewhere. The browser does, without asking you.', clause: http('15.4.3', '302 Found') },
  400: { text: 'The request cannot be answered as it stands.', clause: http('15.5.1', '400 Bad Request') },
  401: { text: 'No valid credentials were presented.', clause: http('15.5.2', '401 Unauthorized') },
  403: { text: 'Known, and not allowed.', clause: http('15.5.4', '403 Forbidden') },
  404: { text: 'There is nothing at this address.', clause: http('15.5.5', '404 Not Found') },
  405: { text: 'The address is right, the method is not.', clause: http('15.5.6', '405 Method Not Allowed') },
  jsonrpc: { text: 'The version of JSON-RPC, always this one.' },
  id: { text: 'The answer repeats it, so that the two can be matched.' },
  method: { text: 'What is to be done.' },
  params: { text: 'With what.' },
  arguments: { text: 'What the tool is given.' },
  _meta: { text: 'What MCP itself needs, apart from the tool: revision, client, capabilities.' },
  result: { text: 'What the tool gave back.' },
  content: { text: 'For the model to read.' },
  structuredContent: { text: 'The same, for a program to read.' },
  error: { text: 'Why not, in one word that a program can act on.' },
  error_description: { text: 'Why it failed, for people who read logs. Programs must not parse it.' },
  error_uri: { text: 'Where this error is explained.' },
  token_type: { text: 'How the token is to be shown.' },
};
