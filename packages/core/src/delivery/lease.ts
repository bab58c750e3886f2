/** What this node must hold for its commits to count. */
export interface Fence {
  readonly lease: string;
  readonly token: number;
}

/** This node lost the bridge to another one: what it was about to do was not done. */
export class LostLease extends Error {
  override readonly name = 'LostLease';
}
