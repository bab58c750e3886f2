import type { Random } from '../../random.js';
import type { Refused } from '../text.js';

/** How much somebody says, and whether it is something that platforms have trouble with. */
export const chosenWords = (random: Random): { words: number; refused?: Refused } => {
  const words = random.chance(0.15) ? random.between(10, 60) : random.between(1, 5);
  if (random.chance(0.93)) return { words };
  return { words, refused: random.pick(['markup', 'always'] as const) };
};
