import { describeRemoteServer } from './runs.js';

describeRemoteServer(4, ['the server', 'the backend', 'each in turn']);
