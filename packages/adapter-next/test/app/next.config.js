import { fileURLToPath } from 'node:url';

export default {
  distDir: process.env.DIST,
  turbopack: { root: fileURLToPath(new URL('../../../..', import.meta.url)) },
  // The adapter that proxies strip the prefix for sees it as it is.
  rewrites: () => [{ source: '/stripped/:path*', destination: '/chat/:path*' }],
};
