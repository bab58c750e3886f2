import type { BridgeMode } from '@pocketping/testing';
import { FILE_BYTES } from '../src/render.js';
import { watched } from './probe.js';
import { DeskServer } from './server.js';

/** There is one way to set the bridge up. */
export const modes: readonly BridgeMode[] = [
  {
    name: 'RemoteBridge',
    column: 'RemoteBridge',
    obeys: true,
    apart: true,
    ownCards: true,
    receipts: true,
    catchUp: true,
    files: { posts: FILE_BYTES, gone: '/api/attachments/att_1?messageId=msg_1&origin=default' },
    create: async () => watched(await DeskServer.start()),
  },
];
