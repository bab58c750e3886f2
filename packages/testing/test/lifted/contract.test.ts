import { LiftedStorage } from '@pocketping/core';
import { recordingLogger, storageContract } from '@pocketping/testing';
import { Notebook } from './notebook.js';

storageContract({
  name: 'LiftedStorage',
  create: async ({ clock }) => new LiftedStorage(new Notebook(), { clock, logger: recordingLogger() }),
});
