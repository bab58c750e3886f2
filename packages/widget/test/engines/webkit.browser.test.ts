import { engineContract } from './engine-contract.js';
import { webkit } from './webkit.js';

engineContract(webkit);
