import { expect, it, vi } from "vitest";

import { bearer, Bearers, may, permissionsOf, type Bearer } from "./bearer";

const token = (iat: number, exp: number) => `h.${btoa(JSON.stringify({ iat, exp }))}.s`;

it("counts a token's life from now, whatever the server's clock says", () => {
  expect(bearer(token(5_000, 5_600), 1_000).expires).toBe(601_000);
});

it("takes a token that it cannot read for a short one", () => {
  expect(bearer("opaque", 0).expires).toBe(300_000);
});

it("reads what a token permits, and nothing from one that it cannot read", () => {
  const permissions = permissionsOf(`h.${btoa(JSON.stringify({ permissions: ["core.customers.read"] }))}.s`);
  expect(may(permissions, "core.customers.read")).toBe(true);
  expect(may(permissions, "core.customers.delete")).toBe(false);
  expect(may(["*"], "core.customers.delete")).toBe(true);
  expect(permissionsOf("opaque")).toEqual([]);
});

it("asks once for all who wait, and again a minute before the end", async () => {
  vi.useFakeTimers();
  try {
    let count = 0;
    const refresh = (): Promise<Bearer> => Promise.resolve({ token: `t${++count}`, expires: Date.now() + 600_000 });
    const bearers = new Bearers(refresh);
    expect(await Promise.all([bearers.get(), bearers.get()])).toEqual(["t1", "t1"]);
    vi.advanceTimersByTime(539_000);
    expect(await bearers.get()).toBe("t1");
    vi.advanceTimersByTime(2_000);
    expect(await bearers.get()).toBe("t2");
  } finally {
    vi.useRealTimers();
  }
});

it("forgets a refused token, but not the newer one that another call has fetched", async () => {
  const bearers = new Bearers(() => Promise.resolve({ token: "fetched", expires: Date.now() + 600_000 }));
  bearers.set({ token: "newer", expires: Date.now() + 600_000 });
  bearers.drop("older");
  expect(await bearers.get()).toBe("newer");
  bearers.drop("newer");
  expect(await bearers.get()).toBe("fetched");
});

it("asks again after a refusal", async () => {
  const answers = [() => Promise.reject(new Error("away")), () => Promise.resolve({ token: "t", expires: Date.now() + 600_000 })];
  const bearers = new Bearers(() => answers.shift()!());
  await expect(bearers.get()).rejects.toThrow("away");
  expect(await bearers.get()).toBe("t");
});
