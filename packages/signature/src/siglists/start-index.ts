interface Node<T> {
  /** Items whose start ends here. */
  readonly items: T[];
  /** By the next character's code. */
  readonly next: Map<number, Node<T>>;
}

const newNode = <T>(): Node<T> => ({ items: [], next: new Map() });

/** Finds, among many items, those that a text may begin with, by one walk along the text's characters. */
export class StartIndex<T extends { readonly start: string }> {
  readonly #root = newNode<T>();

  constructor(items: readonly T[]) {
    for (const item of items) {
      let node = this.#root;
      for (let at = 0; at < item.start.length; at++) {
        const code = item.start.charCodeAt(at);
        const next = node.next.get(code) ?? newNode<T>();
        node.next.set(code, next);
        node = next;
      }
      node.items.push(item);
    }
  }

  /** Calls `visit` with each item whose `start` the text begins with, shorter starts first. */
  visit(text: string, visit: (item: T) => void): void {
    let node: Node<T> | undefined = this.#root;
    for (let at = 0; node !== undefined; at++) {
      for (const item of node.items) visit(item);
      node = at < text.length ? node.next.get(text.charCodeAt(at)) : undefined;
    }
  }
}
