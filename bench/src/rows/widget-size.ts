import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Row } from '../bench.js';
import { type Figure, figure } from '../figure.js';

const require = createRequire(import.meta.url);

/** What a visitor downloads: of every page the launcher, and the chat when it is about to be opened. */
const LAUNCHER = require.resolve('@pocketping/widget/pocketping.js');
const CHAT = require.resolve('@pocketping/widget/pocketping-chat.js');

/** Its floor is the same scripts as they are sent without compression. */
const size = (name: string, title: string, files: readonly string[], mostKb: number): Figure => {
  const scripts = files.map((file) => readFileSync(file));
  const kilobytes = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, 0) / 1024;
  return figure(
    { name, title, unit: 'KB', better: 'less', against: 'uncompressed', target: { value: mostKb } },
    {
      floor: [kilobytes(scripts.map(({ length }) => length))],
      ours: [kilobytes(scripts.map((script) => gzipSync(script, { level: 9 }).length))],
    },
  );
};

export const widgetSize: Row = {
  name: 'widget-size',
  title: 'the widget’s scripts, gzipped',
  async measure() {
    return [
      size(this.name, this.title, [LAUNCHER, CHAT], 30),
      size('widget-launcher-size', 'the launcher, gzipped: all that most pages load', [LAUNCHER], 6),
    ];
  },
};
