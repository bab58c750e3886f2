import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Row } from '../bench.js';
import { figure } from '../figure.js';

const require = createRequire(import.meta.url);

const MOST_KB = 30;

/** What a visitor downloads. Its floor is the same script as it is sent without compression. */
export const widgetSize: Row = {
  name: 'widget-size',
  title: 'the widget’s script, gzipped',
  async measure() {
    const script = readFileSync(require.resolve('@pocketping/widget/pocketping.js'));
    const description = {
      name: this.name,
      title: this.title,
      unit: 'KB',
      better: 'less',
      against: 'uncompressed',
      target: { value: MOST_KB },
    } as const;
    const gzipped = gzipSync(script, { level: 9 }).length;
    return [figure(description, { floor: [script.length / 1024], ours: [gzipped / 1024] })];
  },
};
