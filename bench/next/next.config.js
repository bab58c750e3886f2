import { fileURLToPath } from 'node:url';

export default {
  // It would cost as much as the rest of the request, on both sides.
  compress: false,
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
};
