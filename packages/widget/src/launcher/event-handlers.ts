import type { EventHandler, PocketPingEvent } from '../options.js';

/** The page's handlers of custom events, by name. `*` is every name. */
export function eventHandlers() {
  const named = new Map<string, Set<EventHandler>>();

  return {
    on(name: string, handler: EventHandler) {
      named.set(name, new Set(named.get(name)).add(handler));
    },
    off(name: string, handler: EventHandler) {
      named.get(name)?.delete(handler);
    },
    /** Calls all of them, whatever one of them does. */
    tell(event: PocketPingEvent, ...others: EventHandler[]) {
      const called = [...others, ...(named.get(event.name) ?? []), ...(named.get('*') ?? [])];
      for (const handler of called) void attempt(handler, event);
    },
  };
}

async function attempt(handler: EventHandler, event: PocketPingEvent): Promise<void> {
  try {
    await handler(event);
  } catch (error) {
    console.error(error);
  }
}
