import { describeRemoteServer } from './runs.js';

describeRemoteServer(1, ['the server', 'each in turn']);
