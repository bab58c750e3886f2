import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';
import { sources } from './vitest.config.js';

const chromium = findChromium();
if (!chromium)
  throw new Error('No Chromium found: install it (apt-get install chromium) or set CHROMIUM_PATH.');

/** Tests that drive a real Chromium through playwright-core: they launch the one at `CHROMIUM_PATH`. The widget's engines bring theirs. */
export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: ['{packages,apps}/*/test/**/*.browser.test.ts'],
    env: { CHROMIUM_PATH: chromium, CHROMIUM_FLAGS: CHROMIUM_FLAGS.join(' ') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser on a busy machine takes its time, and what a platform's pace holds back comes later.
    expect: { poll: { timeout: 20_000 } },
    // Each file starts a browser of its own; two at once are enough for a small machine.
    maxWorkers: 2,
  },
});
