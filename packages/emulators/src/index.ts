export { TelegramEmulator, type TelegramEmulatorOptions } from './telegram/emulator.js';
export type { FaultKind, FaultRule } from './telegram/faults.js';
export type { Operator, OperatorName } from './telegram/operator.js';
export type { TelegramCall } from './telegram/server.js';
export type { PhoneEntry, PhoneMessage, PhonePerson, PhoneTopic } from './telegram/snapshot.js';
export type { BotMembership } from './telegram/state.js';
export type { MessageEntity, Update } from './telegram/types.js';
export type { WaitOptions } from './telegram/waiting.js';
