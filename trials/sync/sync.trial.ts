import { describeSync } from './runs.js';

const SMALL = { sessions: 8, operators: 6, messages: 160, lengthMs: 8000, kills: 1, strikes: 1, losses: 1 };
const FULL = {
  sessions: 50,
  operators: 10,
  messages: 2000,
  lengthMs: 80_000,
  kills: 6,
  strikes: 8,
  losses: 3,
};

describeSync(process.env.SCALE === 'full' ? FULL : SMALL, 600_000);
