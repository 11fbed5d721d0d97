/** oauth2-mock-server, issuing RS256 JWTs from memory. It authenticates no client. */
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(Number(process.env.PORT), '127.0.0.1');
process.send?.('ready');
