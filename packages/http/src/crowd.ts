/** Counts who is there, by key, and knows when it is enough. Whoever entered leaves once, by the same key. */
export class Crowd {
  private readonly byKey = new Map<string, number>();
  private count = 0;

  constructor(
    private readonly total: number,
    private readonly perKey: number,
  ) {}

  /** There is no room for anybody. */
  get full(): boolean {
    return this.count >= this.total;
  }

  /** There is no room for one more of this key. */
  fullOf(key: string): boolean {
    return (this.byKey.get(key) ?? 0) >= this.perKey;
  }

  enter(key: string): void {
    this.count++;
    this.byKey.set(key, (this.byKey.get(key) ?? 0) + 1);
  }

  leave(key: string): void {
    this.count--;
    const left = (this.byKey.get(key) ?? 1) - 1;
    if (left > 0) this.byKey.set(key, left);
    else this.byKey.delete(key);
  }
}
