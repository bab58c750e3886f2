const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** "3.4 MB", in the visitor's own manner; a megabyte has 1024 × 1024 bytes. */
export function fileSize(bytes: number): string {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return new Intl.NumberFormat([], {
    style: 'unit',
    unit: UNITS[step]!,
    unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1024 ** step);
}
