// What of a record the core may have to look at, as a tree of names. The core computes it; nothing else of a record is touched.

/** What is asked of the values in one place. */
export interface Node {
  /** Members that are read, and what is asked of them. */
  readonly names: string[];
  readonly nodes: Node[];
  /** The value is looked at, and not only whether it is there. */
  looks: boolean;
  /** It is compared: an object is asked what it stands for. */
  compares: boolean;
  /** So many lists, one in the other, are gone through. */
  lists: number;
  /** A name among them is one that every object has. */
  odd: boolean;
  /** A name among them is the place of an item. */
  indexed: boolean;
  /** One is a number to JavaScript, and the place of no item: a list is not gone through for it, but asked for a member. */
  named: boolean;
  /** See {@link spread}. */
  spread?: Node;
}

const node = (): Node => ({ names: [], nodes: [], looks: false, compares: false, lists: 0, odd: false, indexed: false, named: false });

/** What is asked of the result of `toJSON()`, and of what is inside of nothing. */
export const COMPARED: Node = { ...node(), looks: true, compares: true };

/** Names such as `constructor` and `__proto__` exist on every object. */
export const isInherited = (name: string): boolean => name in Object.prototype;

/** Whether a list has an item of that name, if it is long enough. */
export const isPlace = (name: string): boolean => `${Number(name) >>> 0}` === name;

export class Reads {
  /** Whether values are read just as JavaScript compares them, or as their JSON forms. */
  readonly exact: boolean;
  readonly root: Node;

  constructor(json: string) {
    const { exact, nodes: flat } = JSON.parse(json) as { exact: boolean; nodes: Array<number | string> };
    const all: Node[] = [];
    for (let at = 0; at < flat.length; at += 4) {
      const one = node();
      const flags = flat[at + 1] as number;
      one.looks = (flags & 1) > 0;
      one.compares = (flags & 2) > 0;
      one.lists = flat[at + 2] as number;
      const above = all[flat[at] as number];
      // The first is the record itself.
      if (above !== undefined) {
        const name = flat[at + 3] as string;
        above.names.push(name);
        above.nodes.push(one);
        above.odd ||= isInherited(name);
        above.indexed ||= isPlace(name);
        above.named ||= !isPlace(name) && !Number.isNaN(Number(name));
      }
      all.push(one);
    }
    this.exact = exact;
    this.root = all[0] ?? node();
  }
}

/** What is asked of an item of a list: what is asked of all, and what a path asks of just this one. */
export function itemOf(list: Node, lists: number, index: number): Node | undefined {
  const all = lists > 0 ? list : undefined;
  const one = list.indexed ? list.nodes[list.names.indexOf(`${index}`)] : undefined;
  return all !== undefined && one !== undefined ? merged(all, one) : (one ?? all);
}

/**
 * What is asked of a member of an item. Going through a list, a path makes a new list of what its items have, where lists are put
 * together: a number behind that is a place in the new list. Which value has come to stand there is the core's to say, so each is asked
 * what that one is: the member itself, and, where it is a list, each of its items.
 */
export function spread(asked: Node): Node {
  if (!asked.indexed) return asked;
  if (asked.spread === undefined) {
    let all = asked;
    asked.names.forEach((name, index) => {
      const one = asked.nodes[index]!;
      if (isPlace(name)) all = merged(all, { ...one, lists: one.lists + 1 });
    });
    asked.spread = all;
  }
  return asked.spread;
}

function merged(a: Node, b: Node): Node {
  const names = [...new Set([...a.names, ...b.names])];
  const nodes = names.map((name) => {
    const [one, other] = [a.nodes[a.names.indexOf(name)], b.nodes[b.names.indexOf(name)]];
    return one !== undefined && other !== undefined ? merged(one, other) : (one ?? other)!;
  });
  return {
    names,
    nodes,
    lists: Math.max(a.lists, b.lists),
    looks: a.looks || b.looks,
    compares: a.compares || b.compares,
    odd: a.odd || b.odd,
    indexed: a.indexed || b.indexed,
    named: a.named || b.named,
  };
}

/** A record to be written down, and what of it. */
export class Reading {
  constructor(
    readonly record: object,
    readonly reads: Reads,
    readonly operands?: Operands,
  ) {}
}

/** Objects that conditions compare with, by number: they are equal to themselves alone. */
export class Operands {
  // Most conditions compare with none.
  #objects: WeakMap<object, number> | undefined;
  #symbols: Map<symbol, number> | undefined;
  #count = 0;

  /** The number of an operand; 0 for what is none. */
  find(value: object | symbol): number {
    return (typeof value === "symbol" ? this.#symbols?.get(value) : this.#objects?.get(value)) ?? 0;
  }

  enter(value: object | symbol): number {
    const known = this.find(value);
    if (known > 0) return known;
    const number = ++this.#count;
    if (typeof value === "symbol") (this.#symbols ??= new Map<symbol, number>()).set(value, number);
    else (this.#objects ??= new WeakMap<object, number>()).set(value, number);
    return number;
  }
}
