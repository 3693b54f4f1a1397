import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ReportRowSchema, ReportValueSchema } from "@contracts/admin/v1/report_pb";
import { expect, test } from "vitest";

import { ceiling, lastingFor, series, written } from "./numbers";

const value = (kind: NonNullable<Parameters<typeof create<typeof ReportValueSchema>>[1]>["kind"]) => create(ReportValueSchema, { kind });

test("values are written as people read them, and nothing to measure is a dash", () => {
  expect(written(undefined)).toBe("–");
  expect(written(value({ case: undefined }))).toBe("–");
  expect(written(value({ case: "count", value: 0n }))).toBe("0");
  expect(written(value({ case: "duration", value: { seconds: 2n, nanos: 400_000_000 } }))).toMatch(/^2[.,]4 s$/);
  expect(written(value({ case: "money", value: { units: 0n, nanos: 1_200_000 } }))).toMatch(/^0[.,]0012$/);
});

test("durations have the unit that fits", () => {
  expect(lastingFor(0.08)).toBe("80 ms");
  expect(lastingFor(180)).toBe("3 min");
  expect(lastingFor(7_200)).toBe("2 h");
  expect(lastingFor(19_200)).toBe("5 h 20 min");
});

test("a step without a row is a point at zero", () => {
  const row = create(ReportRowSchema, { values: [value({ case: "time", value: timestampFromMs(2_000) }), value({ case: "count", value: 7n })] });
  expect(series([row], 1, [1_000, 2_000, 3_000]).map(({ number }) => number)).toEqual([0, 7, 0]);
});

test("a chart ends at a round number that no bar passes", () => {
  expect([0, 1, 3, 7, 10, 11, 0.03, 4_200].map(ceiling)).toEqual([1, 1, 5, 10, 10, 20, 0.05, 5_000]);
});
