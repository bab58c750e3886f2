import { engineContract } from './engine-contract.js';
import { firefox } from './firefox.js';

engineContract(firefox);
