// The name that a misspelt one was meant for, as src/nearest.rs finds it.

/** The known name that is nearest, if one is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const most = Math.min(Math.max(Math.floor(given.length / 3), 1), 2);
  let best: string | undefined;
  let fewest = most + 1;
  for (const name of known) {
    const steps = distance(given.toLowerCase(), name.toLowerCase());
    if (steps < fewest) [best, fewest] = [name, steps];
  }
  return best;
}

/** How many letters have to be touched to make one of the other. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 0; row < one.length; row++) {
    const line = [row + 1];
    for (let column = 0; column < other.length; column++) {
      let steps = Math.min(above[column]! + (one[row] === other[column] ? 0 : 1), above[column + 1]! + 1, line[column]! + 1);
      if (row > 0 && column > 0 && one[row] === other[column - 1] && one[row - 1] === other[column]) steps = Math.min(steps, before[column - 1]! + 1);
      line.push(steps);
    }
    [before, above] = [above, line];
  }
  return above[other.length]!;
}
