import { storageContract } from '@pocketping/testing';
import { MyStorage } from './my-storage.js';

storageContract({ name: 'MyStorage', create: async ({ clock }) => new MyStorage({ clock }) });
