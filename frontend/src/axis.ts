/** An axis of years: its ends, its ticks, and where on it a day is. */

export interface Axis {
  readonly first: number;
  readonly last: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MOST = 9;

/** The axis of whole steps that spans all days; null without a day. */
export function axis(days: readonly string[]): Axis | null {
  const years = days.map(yearOf).filter(Number.isFinite);
  if (!years.length) return null;
  const least = years.reduce((one, other) => Math.min(one, other));
  const most = years.reduce((one, other) => Math.max(one, other)) + 1;
  return axisOf(least, most);
}

/** The axis of whole steps from one year to the beginning of another. */
export function axisOf(least: number, most: number): Axis {
  const step = STEPS.find((size) => (most - least) / size <= MOST - 1) ?? 1000;
  const first = Math.floor(least / step) * step;
  const last = Math.ceil(most / step) * step;
  return { first, last, ticks: Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step) };
}

/** The position of a day on the axis, from 0 to 1; 0 for an invalid day. */
export const along = (axis: Axis, day: string): number => Math.min(1, Math.max(0, share(axis, Date.parse(day)) || 0));

export const yearShare = (axis: Axis, year: number): number => share(axis, newYear(year));

const share = ({ first, last }: Axis, time: number): number =>
  (time - newYear(first)) / (newYear(last) - newYear(first));

const yearOf = (day: string): number => new Date(day).getUTCFullYear();

/** The time of a new year; `Date.UTC` takes years below 100 for those of the 20th century. */
const newYear = (year: number): number => new Date(0).setUTCFullYear(year, 0, 1);

/** Kinds of things that last from their first to their last day; others happened at some time between the two. */
export const LASTING: ReadonlySet<string> = new Set(
  ["http://www.w3.org/ns/org#Membership", "https://w3id.org/sekg/ns#StatusRecord", "https://w3id.org/sekg/ns#Cluster"]);

/** Whether an interval is one day, one month, one year, or another stretch. */
export function extent(from: string, to: string): "day" | "month" | "year" | "stretch" {
  if (from === to) return "day";
  if (from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`) return "year";
  return from.endsWith("-01") && to === lastOfMonth(from) ? "month" : "stretch";
}

function lastOfMonth(day: string): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
