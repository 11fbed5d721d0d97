import type { NextConfig } from 'next';

/** Headers of every page; the policy on scripts is made for each request, in `proxy.ts`. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
];

/** The faces: the pages in the middle of a protocol have no origin (`sandbox`), and fonts are fetched with CORS. */
const faces = [
  { key: 'Access-Control-Allow-Origin', value: '*' },
  { key: 'Cache-Control', value: 'public, max-age=604800, stale-while-revalidate=2592000' },
];

/** What Next traces and the package has no use for: images that are made smaller, and types. */
const UNUSED = ['@img', 'sharp', 'typescript', 'semver', 'detect-libc'];

/** For the npm package: everything in one folder, and no package beside it. */
const packaged: NextConfig = {
  output: 'standalone',
  distDir: '.next-package',
  // Known while building, so that what only the other builds need is left out.
  env: { AUTHWALK_PACKAGE: '1' },
  images: { unoptimized: true },
  outputFileTracingExcludes: { '/**': UNUSED.map((name) => `node_modules/${name}/**`) },
};

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The build checks what it builds; `npm test` checks the tests, too.
  typescript: { tsconfigPath: 'tsconfig.build.json' },
  // Protocol addresses with a trailing slash are 404: nothing here may redirect them.
  skipTrailingSlashRedirect: true,
  ...(process.env.AUTHWALK_PACKAGE
    ? packaged
    : { serverExternalPackages: ['kysely', 'pg', 'prom-client', 'rate-limiter-flexible'] }),
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  headers: async () => [
    { source: '/:path*', headers },
    { source: '/fonts/:path*', headers: faces },
  ],
};

export default config;
