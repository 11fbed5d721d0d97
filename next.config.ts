import type { NextConfig } from 'next';

/** Headers of every page; the policy on scripts is made for each request, in `proxy.ts`. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Protocol addresses with a trailing slash are 404: nothing here may redirect them.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ['kysely', 'pg', 'prom-client', 'undici', 'rate-limiter-flexible'],
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  headers: async () => [{ source: '/:path*', headers }],
};

export default config;
