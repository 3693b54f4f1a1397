import { expect, test } from "vitest";

import { channelId } from "./kinds";
import { NEW_TWILIO, twilioOf, twilioProblem, webhookUrl } from "./twilio";

const GOOD = { ...NEW_TWILIO, accountSid: `AC${"0".repeat(32)}`, phoneNumber: "+14155238886" };

test("a number may be typed as people copy it", () => {
  expect(twilioOf({ ...GOOD, phoneNumber: " whatsapp:+1 (415) 523-8886 " }).phoneNumber).toBe("+14155238886");
  expect(twilioProblem({ ...GOOD, phoneNumber: "+1 415 523 8886" })).toBeUndefined();
});

test("the first wrong field is named", () => {
  expect(twilioProblem(NEW_TWILIO)?.field).toBe("accountSid");
  expect(twilioProblem({ ...GOOD, phoneNumber: "0170 1234567" })?.field).toBe("phoneNumber");
  expect(twilioProblem({ ...GOOD, messagingServiceSid: "SM1" })?.field).toBe("messagingServiceSid");
});

test("an auth token that was not typed is not sent", () => {
  expect(twilioOf(GOOD).authToken).toBeUndefined();
  expect(twilioOf({ ...GOOD, authToken: " secret " }).authToken).toBe("secret");
});

test("the webhook is below the address of this page", () => {
  expect(webhookUrl("organizations/shop/channels/whatsapp", "https://support.shop.example")).toBe("https://support.shop.example/v1/organizations/shop/channels/whatsapp/webhooks:twilio");
});

test("a channel's id comes from its name, and is never one that is taken", () => {
  expect(channelId("Shop chat", [])).toBe("shop-chat");
  expect(channelId("Café!", ["cafe"])).toBe("cafe-2");
  expect(channelId("دردشة", [])).toBe("channel");
});
