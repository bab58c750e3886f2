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

export function encodeSignal(signal: Signal): string {
  let json = signals.get(signal);
  if (json === undefined) {
    json = JSON.stringify(signalFrame(signal));
    signals.set(signal, json);
  }
  return json;
}
