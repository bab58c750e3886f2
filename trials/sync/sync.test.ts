import { describeSync } from './runs.js';

describeSync(
  { sessions: 8, operators: 6, messages: 160, lengthMs: 8000, kills: 1, strikes: 1, losses: 1 },
  150_000,
);
