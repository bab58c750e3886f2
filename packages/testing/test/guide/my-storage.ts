/** What the guide's reader has written. */
export { MemoryStorage as MyStorage } from '@pocketping/core';
