import { describeRemoteServer } from './runs.js';

describeRemoteServer(15, ['the server', 'the backend', 'each in turn']);
