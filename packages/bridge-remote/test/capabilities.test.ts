import { bridgeCapabilities } from '@pocketping/testing';
import { modes } from './modes.js';

bridgeCapabilities({ readme: new URL('../README.md', import.meta.url), modes });
