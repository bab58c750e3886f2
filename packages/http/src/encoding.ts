import type { LogEntry, Signal } from '@pocketping/core';
import { entryFrame, signalFrame } from './projection.js';

/** The engine hands one object to everybody who follows, so a fan-out to thousands encodes once. */
const entries = new WeakMap<LogEntry, string | null>();
const signals = new WeakMap<Signal, string>();

/** The frame of a log entry as JSON; null where a visitor sees nothing of it. */
export function encodeEntry(entry: LogEntry): string | null {
  let json = entries.get(entry);
  if (json === undefined) {
    const frame = entryFrame(entry);
    json = frame && JSON.stringify(frame);
    entries.set(entry, json);
  }
  return json;
}

/** @param sessionId of whoever is told it */
export function encodeSignal(signal: Signal, sessionId: string): string {
  let json = signals.get(signal);
  if (json === undefined) {
    json = JSON.stringify(signalFrame(signal, ''));
    // A broadcast names the session of each of its readers: as its last field, so that the rest is encoded once.
    if (signal.type === 'event') json = json.slice(0, -UNNAMED.length);
    signals.set(signal, json);
  }
  return signal.type === 'event' ? `${json}${JSON.stringify(sessionId)}}}` : json;
}

/** How a broadcast ends that is for nobody in particular. */
const UNNAMED = '""}}';
