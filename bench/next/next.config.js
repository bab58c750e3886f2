import { fileURLToPath } from 'node:url';

export default {
  // What it takes is the same on both sides, and would hide a part of what is measured.
  compress: false,
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
};
