/** The web page under test: a link to sign in, and what came of it. Listens at PORT on the loopback address. */
import { createServer } from 'node:http';

const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Field notes</title>${body}</html>`;
const encode = (bytes) => Buffer.from(bytes).toString('base64url');
const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));

const pending = new Map();
const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const say = (body) => response.writeHead(200, { 'content-type': 'text/html' }).end(page(body));
  if (url.pathname === '/') {
    const issuer = url.searchParams.get('issuer') ?? '';
    return say(`<h1>Field notes</h1><a href="/sign-in?issuer=${encodeURIComponent(issuer)}">Sign in</a>`);
  }
  if (url.pathname === '/sign-in') {
    const issuer = url.searchParams.get('issuer');
    const state = random();
    const verifier = random();
    pending.set(state, { issuer, verifier });
    const target = new URL(`${issuer}/oauth/authorize`);
    target.search = new URLSearchParams({
      response_type: 'code',
      client_id: 'field-notes',
      redirect_uri: `http://${request.headers.host}/callback`,
      scope: 'notes:read',
      state,
      code_challenge: encode(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
      code_challenge_method: 'S256',
    }).toString();
    return response.writeHead(302, { location: target.href }).end();
  }
  if (url.pathname === '/callback') {
    const begun = pending.get(url.searchParams.get('state'));
    pending.delete(url.searchParams.get('state'));
    if (begun === undefined || url.searchParams.get('iss') !== begun.issuer)
      return say('<p role="alert">That answer is not for us.</p>');
    if (url.searchParams.has('error')) return say('<p role="alert">You did not agree.</p>');
    const answer = await fetch(`${begun.issuer}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'field-notes',
        code: url.searchParams.get('code'),
        redirect_uri: `http://${request.headers.host}/callback`,
        code_verifier: begun.verifier,
      }),
    });
    return say(answer.ok ? '<p role="status">You are signed in.</p>' : '<p role="alert">Signing in failed.</p>');
  }
  return response.writeHead(404).end();
});
server.listen(Number(process.env.PORT), '127.0.0.1');
