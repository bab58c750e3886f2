export { DiskFileStore, type DiskFileStoreOptions } from '@pocketping/adapter-node';
export { type Middleware, pocketping } from './middleware.js';
