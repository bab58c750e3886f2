import { describeKilledServer } from './runs.js';

describeKilledServer(2);
