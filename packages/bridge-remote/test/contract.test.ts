import { bridgeContract } from '@pocketping/testing';
import { modes } from './modes.js';

for (const mode of modes) bridgeContract(mode);
