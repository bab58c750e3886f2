/** Who did it. Every use case takes one, and the log keeps it: together they are the audit trail. */
export interface Actor {
  readonly kind: 'visitor' | 'operator' | 'apiKey' | 'ai' | 'system';
  /** A visitor's id, an operator's id on their platform, or a name for what acts by itself. */
  readonly id: string;
  /** What people call them, where it is known. */
  readonly name?: string;
  /** The bridge an operator spoke through. */
  readonly via?: string;
}

/** Who may see it. What is for the `team` never leaves towards a visitor. */
export type Audience = 'all' | 'team';

/** Milliseconds since the Unix epoch. */
export type Instant = number;

export type { Json } from '@pocketping/protocol';
