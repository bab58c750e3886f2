import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

export default {
  // A native module stays out of bundles.
  serverExternalPackages: ['@pocketping/storage-sqlite', 'libsql'],
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
} satisfies NextConfig;
