import { MemoryStorage } from '@pocketping/core';
import { storageContract } from '@pocketping/testing';

storageContract({ name: 'MemoryStorage', create: async ({ clock }) => new MemoryStorage({ clock }) });
