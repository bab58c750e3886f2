import { describeSync } from './runs.js';

describeSync(
  {
    sessions: 50,
    operators: 10,
    messages: 2000,
    lengthMs: 80_000,
    kills: 6,
    strikes: 8,
    strikeMs: 1000,
    losses: 3,
  },
  400_000,
);
