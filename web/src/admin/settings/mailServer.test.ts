import { MailServerSecurity } from "@contracts/admin/v1/setting_pb";
import { expect, it } from "vitest";

import { isFor, problemOf, serverUrl } from "./mailServer";

const { STARTTLS, TLS, NONE, UNSPECIFIED } = MailServerSecurity;
const VALUE = { host: "smtp.shop.example", port: 0, security: STARTTLS, credential: "", fromAddress: "help@shop.example" };
const PASSWORD = { name: "organizations/demo/credentials/mail", baseUrl: "smtp://smtp.shop.example:587" };

it.each([
  ["smtp.shop.example", 0, UNSPECIFIED, "smtp://smtp.shop.example:587"],
  ["SMTP.shop.example", 2525, STARTTLS, "smtp://smtp.shop.example:2525"],
  ["smtp.shop.example", 0, TLS, "smtps://smtp.shop.example:465"],
  ["::1", 0, NONE, "smtp://[::1]:25"],
])("a password for %s, port %d, security %d is for %s", (host, port, security, url) => {
  expect(serverUrl({ host, port, security })).toBe(url);
});

it("takes a password for its own server alone", () => {
  expect(isFor({ baseUrl: "smtp://smtp.shop.example:587/" }, VALUE)).toBe(true);
  expect(isFor(PASSWORD, { ...VALUE, security: TLS })).toBe(false);
  expect(isFor(PASSWORD, { ...VALUE, host: "smtp.other.example" })).toBe(false);
});

it("accepts no server at all, and one that is complete", () => {
  expect(problemOf({ ...VALUE, host: "", fromAddress: "" }, [])).toBeUndefined();
  expect(problemOf(VALUE, [])).toBeUndefined();
  expect(problemOf({ ...VALUE, credential: PASSWORD.name }, [PASSWORD])).toBeUndefined();
  expect(problemOf({ ...VALUE, host: "localhost", security: NONE }, [])).toBeUndefined();
});

it.each([
  [{ host: "smtp.shop.example:587" }, "port"],
  [{ host: "https://smtp.shop.example" }, "name alone"],
  [{ fromAddress: "" }, "Enter the address"],
  [{ fromAddress: "help" }, "isn't an e-mail address"],
  [{ security: NONE }, "localhost"],
  [{ security: NONE, host: "localhost", credential: PASSWORD.name }, "never sent without encryption"],
  [{ credential: "organizations/demo/credentials/gone" }, "isn't here any more"],
  [{ credential: PASSWORD.name, port: 2525 }, "is for smtp://smtp.shop.example:587"],
])("says what is wrong with %j", (change, words) => {
  expect(problemOf({ ...VALUE, ...change }, [PASSWORD])).toContain(words);
});

it("says nothing about passwords that it can't see", () => {
  expect(problemOf({ ...VALUE, credential: "organizations/demo/credentials/gone" }, undefined)).toBeUndefined();
});
