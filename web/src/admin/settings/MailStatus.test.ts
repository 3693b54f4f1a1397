import { MailSource } from "@contracts/channel/v1/mail_service_pb";
import { expect, it } from "vitest";

import { inForce } from "./MailStatus";

it("names the sender only where mails are sent", () => {
  expect(inForce({ source: MailSource.ORGANIZATION, host: "smtp.shop.example", fromAddress: "help@shop.example" })).toContain("smtp.shop.example, from help@shop.example");
  expect(inForce({ source: MailSource.OPERATOR, host: "", fromAddress: "help@shop.example" })).toContain("your operator's mail server, from help@shop.example");
  expect(inForce({ source: MailSource.NONE, host: "", fromAddress: "" })).toMatch(/^No mail is sent/);
});
