/** How an engine stops. */
export interface StopOptions {
  /** Leaves the storage open, because another engine of this process was given the same one; closed by default. */
  readonly keepStorage?: boolean;
}
