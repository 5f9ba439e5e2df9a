// The arithmetic of the report. Pure.

export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
}

/** The value below or at which this share of the values lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function latencyOf(ms: readonly number[]): Latency {
  return { p50Ms: percentile(ms, 0.5), p95Ms: percentile(ms, 0.95), count: ms.length };
}

/** The one with the lower median. */
export function quickerOf(one: Latency, other: Latency): Latency {
  return other.p50Ms < one.p50Ms ? other : one;
}

/** How many times longer `theirs` takes than `ours`; NaN when one of them was not measured. */
export function ratioOf(ours: number | undefined, theirs: readonly (number | undefined)[]): number {
  const known = theirs.filter((value): value is number => value !== undefined);
  if (ours === undefined || known.length === 0) return Number.NaN;
  return Math.min(...known) / ours;
}

/** Three significant digits, with thousands apart: 0.12, 43.8, 2,171. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
}

export function formatRatio(value: number): string {
  return Number.isNaN(value) ? '–' : `${formatNumber(value)}×`;
}

/** Rows of one width for each column, as Markdown; the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
