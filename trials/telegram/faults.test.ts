import { describeMisbehaviour } from './faults.js';

describeMisbehaviour(3);
