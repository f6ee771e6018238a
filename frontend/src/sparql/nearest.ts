/** The known terms that are spelt most like an unknown one. */

/** The edit distance of two texts, transpositions included (optimal string alignment). */
export function edits(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let a = 1; a <= one.length; a += 1) {
    const row = [a];
    for (let b = 1; b <= other.length; b += 1) {
      const isSame = one[a - 1] === other[b - 1];
      const swapped = a > 1 && b > 1 && one[a - 1] === other[b - 2] && one[a - 2] === other[b - 1]
        ? rows[a - 2]![b - 2]! + 1 : Infinity;
      row.push(Math.min(rows[a - 1]![b]! + 1, row[b - 1]! + 1, rows[a - 1]![b - 1]! + Number(!isSame), swapped));
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
}

/** The few known texts within a third of the length of a text, the nearest first; case counts little. */
export function nearest(text: string, known: readonly string[], most = 3): string[] {
  const wanted = text.toLowerCase();
  return known
    .map((one) => ({ one, far: edits(wanted, one.toLowerCase()) + (one === text ? 0 : 0.1) }))
    .filter(({ far }) => far <= Math.max(1.1, wanted.length / 3))
    .sort((a, b) => a.far - b.far || (a.one < b.one ? -1 : 1))
    .slice(0, most)
    .map(({ one }) => one);
}
