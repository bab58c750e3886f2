import { describe } from 'vitest';
import { halfOfTheDays } from './days.js';

describe('the first five thousand simulated days', () => halfOfTheDays(0));
