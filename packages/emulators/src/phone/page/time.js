const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const longDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });

/** @param {number} seconds Unix time */
export const timeOf = (seconds) => clock.format(seconds * 1000);

/** @param {number} seconds Unix time */
export const isoOf = (seconds) => new Date(seconds * 1000).toISOString();

/**
 * How the list says when something happened: the time today, the day this week, else the date.
 * @param {number} seconds Unix time
 */
export function whenOf(seconds) {
  const ago = daysAgo(seconds);
  if (ago <= 0) return timeOf(seconds);
  return (ago < 7 ? weekday : date).format(seconds * 1000);
}

/** @param {number} seconds Unix time */
export function dayOf(seconds) {
  const ago = daysAgo(seconds);
  if (ago <= 0) return 'Today';
  return ago === 1 ? 'Yesterday' : longDate.format(seconds * 1000);
}

/** @param {number} seconds Unix time */
function daysAgo(seconds) {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  return Math.ceil((midnight.getTime() - seconds * 1000) / 86_400_000);
}
