import { describe } from 'vitest';
import { halfOfTheDays } from './days.js';

describe('the second five thousand simulated days', () => halfOfTheDays(1));
