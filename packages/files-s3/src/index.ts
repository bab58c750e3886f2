export { S3FileStore } from './file-store.js';
export type { S3FileStoreOptions } from './options.js';
