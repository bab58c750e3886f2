import type { WireMetadata } from '@pocketping/protocol';

/** What the team gets to know about the page and the browser. */
export function pageMetadata(): WireMetadata {
  return {
    url: location.href,
    pageTitle: document.title,
    referrer: document.referrer,
    userAgent: navigator.userAgent,
    language: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screenResolution: `${screen.width}x${screen.height}`,
  };
}
