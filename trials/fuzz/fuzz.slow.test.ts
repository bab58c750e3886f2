import { describeFuzzing } from './runs.js';

describeFuzzing({ ms: 60_000, weigh: true });
