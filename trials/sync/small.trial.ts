import { describeSync } from './runs.js';

describeSync(
  {
    sessions: 8,
    operators: 6,
    messages: 160,
    lengthMs: 8000,
    kills: 1,
    strikes: 1,
    strikeMs: 20_000,
    losses: 1,
  },
  240_000,
);
