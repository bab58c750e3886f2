import { writeSync } from 'node:fs';
import { DiskFileStore } from '@pocketping/adapter-node';
import { newId } from '@pocketping/core';

/*
 * A process that keeps one file, tells its id, and then never comes to the end of another, whose id it tells once some of
 * it is on the disk. Argument: the folder.
 */

const [folder = ''] = process.argv.slice(2);
const store = new DiskFileStore({ folder });
await store.init();

const about = { mimeType: 'text/plain' };
const whole = newId('attachment', Date.now());
await store.write(whole, ReadableStream.from([new TextEncoder().encode('all of it')]), about);
writeSync(1, `${whole}\n`);

const half = newId('attachment', Date.now());
let pieces = 0;
const endless = new ReadableStream<Uint8Array>(
  {
    async pull(controller) {
      if (++pieces === 20) writeSync(1, `${half}\n`);
      if (pieces >= 20) await new Promise((resolve) => setTimeout(resolve, 60_000));
      controller.enqueue(new Uint8Array(65_536));
    },
  },
  { highWaterMark: 0 },
);
await store.write(half, endless, about);
