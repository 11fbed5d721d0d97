import type { MetadataRoute } from 'next';

/** What search engines may read: the pages that explain, and nothing that belongs to somebody. */
export default function robots(): MetadataRoute.Robots {
  return {
    rules: {
      userAgent: '*',
      allow: '/',
      disallow: [
        '/s/',
        '/sandbox/',
        '/consent/',
        '/activate',
        '/auth/',
        '/oauth/',
        '/api/',
        '/admin',
        '/plans/',
        '/reports/',
        '/class/',
        '/levels/own',
        '/events/',
        '/mockserver/',
      ],
    },
  };
}
