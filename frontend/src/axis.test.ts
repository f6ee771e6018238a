import { expect, test } from "vitest";
import { along, axis, extent } from "./axis";

test("an axis has round ticks around all days", () => {
  expect(axis(["1991-04-15", "2024-12-31"])?.ticks).toEqual([1990, 1995, 2000, 2005, 2010, 2015, 2020, 2025]);
  expect(axis(["2018-03-22"])?.ticks).toEqual([2018, 2019]);
  expect(axis(["not a day"])).toBeNull();
});

test("days are in proportion, those beyond the axis at its ends", () => {
  const found = axis(["2018-01-01", "2019-12-31"])!;
  expect(along(found, "2019-01-01")).toBeCloseTo(0.5);
  expect(along(found, "1900-01-01")).toBe(0);
  expect(along(found, "2100-01-01")).toBe(1);
});

test("a whole month or year is known as such", () => {
  expect(extent("2018-03-22", "2018-03-22")).toBe("day");
  expect(extent("2022-09-01", "2022-09-30")).toBe("month");
  expect(extent("2016-02-01", "2016-02-29")).toBe("month");
  expect(extent("2016-01-01", "2016-12-31")).toBe("year");
  expect(extent("2012-09-01", "2022-06-30")).toBe("stretch");
});
