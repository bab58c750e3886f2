import { describeFuzzing } from './runs.js';

describeFuzzing({ cases: 600 });
