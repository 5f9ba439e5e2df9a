// Our own: scanners say the same all day long, byte for byte. What was made of it is remembered, up to a bound.

/** The oldest is forgotten first; one that is asked for again counts as new. */
export class Bounded<T> {
  private readonly entries = new Map<string, T>();
  private newest: string | null = null;

  constructor(private readonly entriesMax: number) {}

  get(key: string): T | undefined {
    const found = this.entries.get(key);
    // One scanner asks many times before another does: most times there is nothing to be moved.
    if (found === undefined || key === this.newest) return found;
    this.entries.delete(key);
    this.entries.set(key, found);
    this.newest = key;
    return found;
  }

  set(key: string, value: T): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    this.newest = key;
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.entriesMax && oldest !== undefined) this.entries.delete(oldest);
  }
}
