import { describeRemoteServer } from './runs.js';

describeRemoteServer(1, ['each in turn']);
