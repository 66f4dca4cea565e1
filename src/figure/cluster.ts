/**
 * Order items so that similar ones stand side by side: average linkage (UPGMA) by nearest-neighbour chains, and
 * at each join the orientation whose inner ends are nearest.
 *
 * @param distance Symmetric; row and column i belong to item i.
 * @returns Indices in their new order. Ties keep the given order, so the same input gives the same output.
 */
export function clusterOrder(
  distance: readonly (readonly number[])[]
): number[] {
  const n = distance.length;
  if (n < 3) {
    return Array.from({ length: n }, (_, i) => i);
  }
  const between = distance.map(row => Float64Array.from(row));
  const size = new Array<number>(n).fill(1);
  const leaves: number[][] = Array.from({ length: n }, (_, i) => [i]);
  const alive = new Set(leaves.keys());
  const chain: number[] = [];
  while (alive.size > 1) {
    if (chain.length === 0) {
      const [first] = alive;
      chain.push(first);
    }
    const a = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    let nearest = before;
    for (const b of alive) {
      // Strictly nearer, so that a tie goes back along the chain, which therefore ends.
      if (b !== a && (nearest < 0 || between[a][b] < between[a][nearest])) {
        nearest = b;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [x, y] = a < nearest ? [a, nearest] : [nearest, a];
    leaves[x] = joined(leaves[x], leaves[y], distance);
    for (const other of alive) {
      if (other !== x && other !== y) {
        const mean =
          (size[x] * between[x][other] + size[y] * between[y][other]) /
          (size[x] + size[y]);
        between[x][other] = mean;
        between[other][x] = mean;
      }
    }
    size[x] += size[y];
    alive.delete(y);
  }
  const [root] = alive;
  return leaves[root];
}

/** Two orders as one, each turned so that the ends that meet are nearest. */
function joined(
  a: readonly number[],
  b: readonly number[],
  distance: readonly (readonly number[])[]
): number[] {
  const ends = (order: readonly number[]): [number, number] => [
    order[0],
    order[order.length - 1]
  ];
  const [a0, a1] = ends(a);
  const [b0, b1] = ends(b);
  const options: readonly [number, boolean, boolean][] = [
    [distance[a1][b0], false, false],
    [distance[a1][b1], false, true],
    [distance[a0][b0], true, false],
    [distance[a0][b1], true, true]
  ];
  const [, turnA, turnB] = options.reduce((best, one) =>
    one[0] < best[0] ? one : best
  );
  return [...(turnA ? [...a].reverse() : a), ...(turnB ? [...b].reverse() : b)];
}
