// A binary heap whose entries can be taken out from the middle, by forgetting them when they come up.
export class Heap<T> {
  private readonly items: { readonly value: T; readonly ticket: number }[] = [];
  private readonly tickets = new Map<T, number>();
  private next = 1;

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.tickets.size;
  }

  has(value: T): boolean {
    return this.tickets.has(value);
  }

  values(): Iterable<T> {
    return this.tickets.keys();
  }

  push(value: T): void {
    const ticket = this.next++;
    this.tickets.set(value, ticket);
    this.items.push({ value, ticket });
    this.up(this.items.length - 1);
  }

  delete(value: T): boolean {
    return this.tickets.delete(value);
  }

  peek(): T | undefined {
    for (let top = this.items[0]; top; top = this.items[0]) {
      if (this.tickets.get(top.value) === top.ticket) return top.value;
      this.drop();
    }
    return undefined;
  }

  pop(): T | undefined {
    const value = this.peek();
    if (value === undefined) return undefined;
    this.tickets.delete(value);
    this.drop();
    return value;
  }

  private drop(): void {
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return;
    this.items[0] = last;
    this.down(0);
  }

  private less(i: number, j: number): boolean {
    const [a, b] = [this.items[i], this.items[j]];
    if (!a || !b) return false;
    return this.before(a.value, b.value) || (!this.before(b.value, a.value) && a.ticket < b.ticket);
  }

  private up(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.less(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private down(from: number): void {
    for (let i = from; ; ) {
      const left = 2 * i + 1;
      const right = left + 1;
      let least = i;
      if (left < this.items.length && this.less(left, least)) least = left;
      if (right < this.items.length && this.less(right, least)) least = right;
      if (least === i) return;
      this.swap(i, least);
      i = least;
    }
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.items[i], this.items[j]];
    if (!a || !b) return;
    this.items[i] = b;
    this.items[j] = a;
  }
}
