/** `npm run dev`: the same server, with reload. */
import { become, ensureInstalled } from './lib/toolchain.mjs';

ensureInstalled();
become(
  [
    '--disable-warning=ExperimentalWarning',
    '--watch-path=lib',
    '--watch-path=server.ts',
    '--watch-preserve-output',
    'server.ts',
    '--dev',
  ],
  { env: { NODE_ENV: 'development' } },
);
