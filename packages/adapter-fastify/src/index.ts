export { DiskFileStore, type DiskFileStoreOptions } from '@pocketping/adapter-node';
export { type FastifyPlugin, pocketping } from './plugin.js';
