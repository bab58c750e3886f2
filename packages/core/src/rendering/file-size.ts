const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** How large a file is, as people read it: `840 bytes`, `4.2 MB`. */
export const fileSize = (bytes: number): string => {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes / 1000;
  let unit = 0;
  // From here on it would be rounded to a thousand.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} ${UNITS[unit]}`;
};
