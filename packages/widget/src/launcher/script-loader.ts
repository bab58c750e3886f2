import type { Chat } from '../pocketping.js';

/** The chat's file with a hash of what is in it, beside the launcher's; the build puts it here. */
declare const CHAT_FILE: string;

/** A script element that has run the chat's file. */
export type ChatScript = HTMLScriptElement & { PocketPing?: Chat };

declare global {
  interface Window {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
}

/**
 * Loads the chat's file from beside the launcher's.
 *
 * Its name is always the same and its query changes with its content. So nobody who has the new launcher gets an old
 * chat from a cache, and a page that was open, or cached, during a release still finds a chat, the new one: the two
 * speak the public interface only, which may be a version apart.
 *
 * @param own the launcher's element; a policy that lets it run lets run what it adds
 */
export const scriptLoader = (own: HTMLScriptElement | null) => (): Promise<Chat> =>
  new Promise((resolve, reject) => {
    const element = document.createElement('script') as ChatScript;
    element.nonce = own?.nonce ?? '';
    element.crossOrigin = own?.crossOrigin ?? null;
    element.onerror = reject;
    element.onload = () => {
      element.remove();
      // A proxy's page of apology loads as well.
      if (element.PocketPing) resolve(element.PocketPing);
      else reject();
    };
    setSource(element, new URL(CHAT_FILE, own?.src || location.href).href);
    document.head.append(element);
  });

/** Where the page asks for Trusted Types, a plain address is refused unless the page's own default policy takes it. */
function setSource(element: HTMLScriptElement, address: string): void {
  try {
    element.src = address;
  } catch {
    element.src = window
      .trustedTypes!.createPolicy('pocketping', { createScriptURL: (url) => url })
      .createScriptURL(address);
  }
}
