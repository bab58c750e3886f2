import { describeMisbehaviour } from './faults.js';

describeMisbehaviour(200);
