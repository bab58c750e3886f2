import { MemoryFileStore } from '@pocketping/core';
import { fileStoreContract } from '../src/file-store-contract.js';

fileStoreContract({ name: 'MemoryFileStore', create: async () => new MemoryFileStore(), inMemory: true });
