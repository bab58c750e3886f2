import { httpContract } from '@pocketping/testing';
import { nextHandler } from '../src/index.js';
import { servedByNext } from './served-by-next.js';

const serve = servedByNext('contract');

httpContract({
  name: 'Next 16',
  webSockets: false,
  decodesPaths: 500,
  ownsConnections: false,
  uploadMethod: 'POST',
  serve: async (engine, options) => {
    const { origin, close } = await serve(nextHandler(engine, options));
    return { url: `${origin}/chat`, close };
  },
});
